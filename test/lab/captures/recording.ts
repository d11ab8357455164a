import type { HostReading } from '../../../src/host/reading.ts';
import type { DocumentEvent } from '../../../src/sources/source.ts';
import { decode } from '../../../src/stats/decode.ts';

/** Writes events as lines of JSON. */
export function encodeEvents(events: readonly DocumentEvent[]): string {
  return events
    .map(({ document, time, clock, clockError, host }) =>
      JSON.stringify(
        { time, clock, clockError, host, document: Buffer.from(document).toString('latin1') },
        (_, value) => (value instanceof Map ? { map: [...value] } : value),
      ),
    )
    .join('\n');
}

/** Reads the output of `encodeEvents`. */
export function decodeEvents(text: string): DocumentEvent[] {
  return text.split('\n').map((line) => {
    const { document, ...event } = JSON.parse(line, (_, value) =>
      Array.isArray(value?.map) ? new Map(value.map) : value,
    ) as Omit<DocumentEvent, 'document'> & { document: string; host: HostReading | null };
    const bytes = Buffer.from(document, 'latin1');
    return { ...event, kind: 'document', origin: 'server', document: bytes, snapshot: decode(bytes) };
  });
}
