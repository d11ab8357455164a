/** Milliseconds to wait for SIGTSTP to stop this process. */
const STOPPING_MS = 100;

/** Activity that a suspension stops and restarts. */
export interface Suspendable {
  /** Called before the process stops. Resolves when the process may stop. */
  pause(): Promise<void>;
  /** @param wasPaused false if the process was stopped without a call of `pause`, as by SIGSTOP */
  resume(wasPaused: boolean): void;
}

/** Suspends and continues the live view for the job control of a shell (^Z, `fg`). */
export class JobControl {
  readonly #job: Suspendable;
  #isPaused = false;
  #isOver = false;
  #suspensions = 0;

  constructor(job: Suspendable) {
    this.#job = job;
    process.on('SIGCONT', this.#resume);
    process.on('SIGTSTP', this.suspend);
  }

  readonly suspend = (): void => {
    if (this.#isPaused || this.#isOver) return;
    this.#isPaused = true;
    const turn = ++this.#suspensions;
    void this.#job.pause().then(() => {
      // Do not stop if SIGCONT has arrived in the meantime.
      if (this.#isPaused && turn === this.#suspensions) this.#stopGroup();
    });
  };

  /** Restores the default effect of the signals. */
  end(): void {
    this.#isOver = true;
    process.removeListener('SIGCONT', this.#resume);
    process.removeListener('SIGTSTP', this.suspend);
  }

  readonly #resume = (): void => {
    if (this.#isOver) return;
    const wasPaused = this.#isPaused;
    this.#isPaused = false;
    this.#job.resume(wasPaused);
  };

  /**
   * Stops the whole process group, as the terminal does on ^Z by default: a parent process in the group stops too. If
   * this process leads its session, the kernel does not stop it, and the view resumes at once.
   */
  #stopGroup(): void {
    process.removeListener('SIGTSTP', this.suspend);
    process.kill(0, 'SIGTSTP');
    setTimeout(() => {
      if (this.#isOver) return;
      process.on('SIGTSTP', this.suspend);
      if (this.#isPaused) this.#resume();
    }, STOPPING_MS);
  }
}
