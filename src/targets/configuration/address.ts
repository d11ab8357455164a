import type { Address } from '../target.ts';

/**
 * The address that uWSGI binds for a text (`bind_to_tcp` and `bind_to_unix` in core/socket.c). A text with a colon is a
 * TCP address, and uWSGI ignores what follows the digits of the port.
 *
 * @returns `null` for a TCP address without a port, or whose host cannot be one
 */
export function boundAddress(text: string, abstract = false): Address | null {
  const colon = text.lastIndexOf(':');
  if (colon >= 0) {
    const port = Number(/^\s*\+?(\d+)/.exec(text.slice(colon + 1))?.[1] ?? 0);
    const host = text.slice(0, colon).replace(/^\[|\]$/g, '');
    return port < 1 || port > 65_535 || /[\s/;]/.test(host)
      ? null
      : { family: 'tcp', host: ANY[host] ?? host, port };
  }
  const [, name] = /^(?:@|\\0)(.*)$/s.exec(text) ?? [];
  if (name !== undefined || abstract) return { family: 'abstract', name: name ?? text };
  return { family: 'unix', path: text };
}

/** A server that binds all addresses of the machine is read at the loopback address. */
const ANY: Readonly<Record<string, string>> = { '': '127.0.0.1', '0.0.0.0': '127.0.0.1', '::': '::1' };
