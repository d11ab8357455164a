/** Writes a text. Resolves when the reader has room again: `true`, or `false` if it has closed. */
export type Send = (text: string) => Promise<boolean>;

interface Waiting {
  text(missed: number): string;
  missed: number;
}

/**
 * Writes the readings of servers as rows, without ever waiting for the reader. While the reader is slow, only the newest
 * reading of each server is kept. Its row contains the number of older ones that were left out. Each row is one write.
 */
export class Rows {
  readonly #send: Send;
  readonly #waiting = new Map<string, Waiting>();
  #sending: Promise<void> | null = null;
  #isClosed = false;
  /** Called once when the reader has closed, or with an error of the output. */
  readonly #ended: (error: unknown) => void;

  constructor(send: Send, ended: (error: unknown) => void) {
    this.#send = send;
    this.#ended = ended;
  }

  /**
   * Writes a reading as soon as the reader has room.
   *
   * @param server its key: a newer reading of the same server replaces this one
   * @param text returns the row; called when it is written
   */
  put(server: string, text: (missed: number) => string): void {
    if (this.#isClosed) return;
    const older = this.#waiting.get(server);
    this.#waiting.set(server, { text, missed: older ? older.missed + 1 : 0 });
    this.#sending ??= this.#sendAll();
  }

  /** Resolves when all rows are written, or the reader has closed. */
  async written(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    try {
      for (const [server, { text, missed }] of this.#waiting) {
        this.#waiting.delete(server);
        if (!(await this.#send(text(missed)))) this.#end(null);
      }
    } catch (error) {
      this.#end(error);
    } finally {
      this.#sending = null;
    }
  }

  #end(error: unknown): void {
    this.#isClosed = true;
    this.#waiting.clear();
    this.#ended(error);
  }
}
