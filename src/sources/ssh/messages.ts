/** Lines that only say that a connection is closed. A line before them has the reason. */
const CLOSED =
  /^(?:channel \d+: |kex_exchange_identification: |banner exchange: |Connection closed by |Connection to \S+ closed|Disconnected from )/;

/** The line in which `ssh` says why it failed; `null` if it said nothing. */
export function reasonOf(lines: readonly string[]): string | null {
  return lines.findLast((line) => !CLOSED.test(line)) ?? lines.at(-1) ?? null;
}

/** Why `ssh` could not connect at the other side. */
export interface Unconnected {
  /** Whether the other machine tried to connect. Otherwise it does not allow it. */
  tried: boolean;
  reason: string;
}

/**
 * Returns the reason for which `ssh` closed a forwarded connection: `channel 1: open failed: connect failed: Connection
 * refused` (`channel_input_open_failure` in channels.c of OpenSSH). The message does not say which connection it was.
 *
 * @returns `null` if there is no such message, or if there are different ones
 */
export function unconnected(lines: readonly string[]): Unconnected | null {
  const found = lines.flatMap((line) => {
    const [, kind, reason] = /^channel \d+: open failed: ([^:]+)(?:: (.*))?$/.exec(line) ?? [];
    if (kind === undefined) return [];
    const tried = kind === 'connect failed';
    return [{ tried, reason: tried ? (reason ?? kind) : kind }];
  });
  const [first] = found;
  return first && found.every(({ reason }) => reason === first.reason) ? first : null;
}
