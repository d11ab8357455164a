import type { RequestInFlight } from '../rates/in-flight.ts';
import * as format from '../text/format.ts';
import type { Mask } from '../text/secrets.ts';

/** A variable of a request, masked for display; `-` if it is unknown. */
export function maskedVariable(name: string, value: string | null, mask: Mask): string {
  return value === null ? format.UNKNOWN : mask.variable(name, value);
}

/** Method and URI of a request, masked: `GET /cart?item=318`. */
export function requestLine({ method, uri }: RequestInFlight, mask: Mask): string {
  // uWSGI counts a connection as a request before it has read the request.
  if (method === null && uri === null) return 'request not read yet';
  return `${maskedVariable('REQUEST_METHOD', method, mask)} ${maskedVariable('REQUEST_URI', uri, mask)}`;
}
