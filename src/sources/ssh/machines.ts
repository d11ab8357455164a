import type { Login } from '../../targets/target.ts';
import { Schedule } from '../schedule.ts';
import { SYSTEM_CLOCK } from '../source.ts';
import { SshConnection } from './connection.ts';

/** Seconds after the last use of a connection until it is closed. */
const IDLE_SECONDS = 60;

/** A machine that is reached by `ssh`. All targets on it share one connection. */
class Machine {
  readonly #login: Login;
  /** Decides when `ssh` may be started again after a failure. */
  readonly #schedule = new Schedule(() => 0);
  #connection: SshConnection | null = null;
  #opening: Promise<SshConnection> | null = null;
  #failure: unknown = null;
  #users = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(login: Login) {
    this.#login = login;
  }

  /**
   * Uses the connection, which is opened if there is none. After a failure, calls get the same error until `ssh` may be
   * started again.
   *
   * @throws SshError, or the error of the action
   */
  async use<Result>(
    timeoutSeconds: number,
    action: (connection: SshConnection) => Promise<Result>,
  ): Promise<Result> {
    this.#users += 1;
    clearTimeout(this.#idle);
    try {
      return await action(await this.#connected(timeoutSeconds));
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#idle = setTimeout(() => this.#close(), IDLE_SECONDS * 1000).unref();
    }
  }

  async #connected(timeoutSeconds: number): Promise<SshConnection> {
    if (this.#connection && !this.#connection.hasEnded) return this.#connection;
    this.#opening ??= this.#open(timeoutSeconds).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #open(timeoutSeconds: number): Promise<SshConnection> {
    if (this.#failure !== null && now() < this.#schedule.due()) throw this.#failure;
    this.#schedule.begin(now());
    try {
      this.#connection = await SshConnection.open(this.#login, timeoutSeconds);
      this.#failure = null;
      this.#schedule.succeed(now(), now());
      return this.#connection;
    } catch (error) {
      this.#failure = error;
      this.#schedule.fail(now());
      throw error;
    }
  }

  #close(): void {
    this.#connection?.end();
    this.#connection = null;
  }
}

function now(): number {
  return SYSTEM_CLOCK.monotonic();
}

/** The machines of this process. */
const MACHINES = new Map<string, Machine>();

/** Returns the machine of a login. Each call with the same login returns the same one. */
export function machineOf(login: Login): Machine {
  const key = JSON.stringify(login);
  const known = MACHINES.get(key);
  if (known) return known;
  const machine = new Machine(login);
  MACHINES.set(key, machine);
  return machine;
}
