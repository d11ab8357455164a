import type { RequestInFlight } from '../rates/requests.ts';
import * as format from './format.ts';
import { maskUri } from './secrets.ts';

/** Method and URI of a request: `GET /cart?item=318`, its secrets masked. */
export function requestLine({ method, uri }: RequestInFlight, showSecrets: boolean): string {
  const shown = uri === null || showSecrets ? uri : maskUri(uri);
  return `${method ?? format.UNKNOWN} ${shown ?? format.UNKNOWN}`;
}
