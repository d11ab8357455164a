import type { RequestInFlight } from '../rates/requests.ts';

/** Worker, core, method and URI of a request: `2:0: GET /cart`. */
export function whatOf({ worker, core, method, uri }: RequestInFlight): string {
  // A blank in the URI would end it for the reader, and for the mask of secrets.
  const what =
    [method, uri?.replace(/\s/g, '%20') ?? null].filter((word) => word !== null).join(' ') || 'a request';
  return `${worker}:${core}: ${what}`;
}
