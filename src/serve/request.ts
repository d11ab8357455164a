import type { Socket } from 'node:net';

/** The head of a request (RFC 9112). */
export interface Head {
  method: string;
  url: string;
  /** By their names in small letters. */
  headers: ReadonlyMap<string, string>;
}

export interface HeadLimits {
  /** Milliseconds until the head must have arrived. */
  head: number;
  /** Most characters of the head. */
  headSize: number;
}

const END = '\r\n\r\n';

/**
 * Reads the head of the first request of a connection, and nothing after it. What a client sends beyond that stays with
 * the kernel, which makes the client wait.
 *
 * @returns the status of an error for a head that is too slow, too large or not valid; `null` if the client has gone
 */
export function readHead(socket: Socket, limits: HeadLimits): Promise<Head | number | null> {
  return new Promise((resolve) => {
    let text = '';
    const finish = (result: Head | number | null) => {
      clearTimeout(timer);
      socket.pause().off('data', take).off('end', gone).off('close', gone);
      resolve(result);
    };
    const take = (part: Buffer) => {
      // RFC 9112 permits an empty line before a request.
      text = (text + part.toString('latin1')).replace(/^(?:\r\n)+/, '');
      const end = text.indexOf(END);
      if ((end < 0 ? text.length : end) > limits.headSize) finish(431);
      else if (end >= 0) finish(parsedRequest(text.slice(0, end)) ?? 400);
      // Another protocol may wait for an answer instead of ending a head.
      else if (!/^[A-Z\r]|^$/.test(text)) finish(400);
    };
    const gone = () => finish(null);
    const timer = setTimeout(() => finish(408), limits.head);
    socket.on('data', take).on('end', gone).on('close', gone);
  });
}

/** Parses a head without the empty line at its end. `null` if it is not valid. */
export function parsedRequest(text: string): Head | null {
  const [first = '', ...lines] = text.split('\r\n');
  const [, method, url] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(first) ?? [];
  if (method === undefined || url === undefined) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+):(.*)$/.exec(line) ?? [];
    if (name === undefined) return null;
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value.trim() : `${before}, ${value.trim()}`);
  }
  return { method, url, headers };
}
