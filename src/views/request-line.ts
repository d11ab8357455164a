import type { RequestInFlight } from '../rates/requests.ts';
import * as format from './format.ts';
import type { Mask } from './secrets.ts';

/** Method and URI of a request: `GET /cart?item=318`, its secrets masked. */
export function requestLine({ method, uri }: RequestInFlight, mask: Mask): string {
  // uWSGI counts a connection as a request before it has read what is asked.
  if (method === null && uri === null) return 'request not read yet';
  return mask.text(`${method ?? format.UNKNOWN} ${uri ?? format.UNKNOWN}`);
}
