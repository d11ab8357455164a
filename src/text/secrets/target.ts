import { createNames } from './names.ts';
import { hasKnownToken } from './tokens.ts';
import { MASK, maskUrl } from './urls.ts';
import { maskWords } from './words.ts';

const NAMES = createNames([], []);

const COMMAND = /^(exec:)(.*)$/is;

/** A path or an address, without user info and parameters. */
const PLAIN = /^(?:(?:http\+)?unix:(?:\/\/)?)?@?(?![a-z][a-z\d+.-]*:\/\/)[^?#=;&@]*$/i;

/** A URL without a password: scheme, user of `ssh` and host, and the rest. */
const URL = /^((?:ssh:\/\/[\w.+-]+@|[a-z][a-z\d+.-]*:\/\/)[^/?#@=]*)((?:[/?#][^@]*)?)$/i;

/**
 * Masks the secrets of a target that a user typed. The user has to recognize the result, so a path or an address shows
 * everything but the tokens of well-known services, and a host is shown even if it is invalid.
 */
export function maskTarget(text: string): string {
  const [, exec, command = ''] = COMMAND.exec(text) ?? [];
  if (exec !== undefined) return exec + maskWords(command, NAMES);
  if (PLAIN.test(text) && !hasKnownToken(text)) return text;
  const [, host = '', rest = ''] = URL.exec(text) ?? ['', '', text];
  // Each parameter of a target may be a secret.
  return (hasKnownToken(host) ? MASK : host) + maskUrl(rest, NAMES).replace(/([?#]).*/s, `$1${MASK}`);
}
