import type { Core, Worker } from '../stats/snapshot.ts';

/** Why a request is long on purpose: the client asked for it, or the path matches a pattern that the user set. */
export type LongKind = 'websocket' | 'events' | 'pattern';

/** URI paths of requests that are long on purpose; `*` matches any text. */
export type LongPatterns = readonly string[];

/** Longest accepted pattern, in characters. The time to match grows with the length of the pattern. */
export const LONGEST_PATTERN = 256;

/** Longest request that uWSGI reads, in bytes (`buffer-size` is a 16-bit number). */
const LONGEST_VALUE = 65_536;

/** The cores of running workers whose requests are long on purpose, each with the reason. */
export function longRequests(
  workers: readonly Worker[],
  patterns: LongPatterns,
): ReadonlyMap<Core, LongKind> {
  const found = new Map<Core, LongKind>();
  for (const { alive, cores } of workers) {
    if (!alive) continue;
    for (const core of cores) {
      const kind = core.inRequest ? longKind(core.vars, patterns) : null;
      if (kind !== null) found.set(core, kind);
    }
  }
  return found;
}

/** Why a request with these CGI variables is long on purpose; `null` if it is not. */
export function longKind(vars: readonly string[], patterns: LongPatterns): LongKind | null {
  if (hasToken(variable(vars, 'HTTP_UPGRADE='), 'websocket')) return 'websocket';
  if (hasToken(variable(vars, 'HTTP_ACCEPT='), 'text/event-stream')) return 'events';
  if (patterns.length === 0) return null;
  const uri = variable(vars, 'REQUEST_URI=') || variable(vars, 'PATH_INFO=');
  const [path = ''] = uri.split('?', 1);
  return patterns.some((pattern) => matches(pattern, path)) ? 'pattern' : null;
}

/** The value of a variable; empty if the variable is missing, or longer than uWSGI could have read. */
function variable(vars: readonly string[], beginning: string): string {
  const value = vars.find((each) => each.startsWith(beginning))?.slice(beginning.length) ?? '';
  return value.length > LONGEST_VALUE ? '' : value;
}

/** Whether a header value lists the token, in any case, with or without parameters (RFC 9110, 5.6.1). */
function hasToken(value: string, token: string): boolean {
  return (
    value !== '' && value.split(',').some((each) => each.split(';', 1)[0]?.trim().toLowerCase() === token)
  );
}

/**
 * Whether a text matches a pattern, in which `*` matches any text. Each part between two stars is searched once, after
 * the part before it, without backtracking. The time therefore grows linearly with the text, even for hostile input.
 */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts.shift() ?? '';
  const last = parts.pop();
  if (last === undefined) return text === pattern;
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
