import type { SourceOptions } from '../sources/open.ts';
import { type DocumentEvent, type SourceEvent, SYSTEM_CLOCK } from '../sources/source.ts';

type HostOf = NonNullable<SourceOptions['hostOf']>;

/**
 * Lets the first document of a server be shown before this machine's kernel is asked about the server. Asking needs
 * another program, and modules that nothing else needs at the start.
 */
export class LateHost {
  readonly #hostOf: HostOf;
  #isFirst = true;

  constructor(hostOf: HostOf) {
    this.#hostOf = hostOf;
  }

  /** Returns `null` at once for the first document. */
  readonly hostOf: HostOf = async (snapshot, clock) => {
    if (!this.#isFirst) return this.#hostOf(snapshot, clock);
    this.#isFirst = false;
    return null;
  };

  /**
   * Asks the kernel about the server of the first document.
   *
   * @returns the event with the answer; `null` without one
   */
  async completed(event: SourceEvent): Promise<DocumentEvent | null> {
    if (event.kind !== 'document' || event.snapshot.kind !== 'app' || event.origin !== 'server') return null;
    // The answer is newer than the document.
    const host = await this.#hostOf(event.snapshot, SYSTEM_CLOCK.monotonic());
    return host && { ...event, host };
  }
}
