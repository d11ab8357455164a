/** Milliseconds after which a signal has stopped what it stops. */
const STOPPING_MS = 100;

/** What a suspension stops, and starts again. */
export interface Suspendable {
  /** Before the process stops. Resolves when it may. */
  pause(): Promise<void>;
  /** @param wasPaused false when the process was stopped without a word, as by SIGSTOP */
  resume(wasPaused: boolean): void;
}

/** Suspends and continues the live view as a shell asks for it (^Z, `fg`). */
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
      // Unless it was told to go on while it waited.
      if (this.#isPaused && turn === this.#suspensions) this.#stopGroup();
    });
  };

  /** Signals have their usual effect again. */
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
   * As the terminal does on ^Z when no program handles it: the process that started this one stops with it. Where this
   * process leads its session, the kernel does not stop it, and the view comes back at once.
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
