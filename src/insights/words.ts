import type { RequestInFlight } from '../rates/in-flight.ts';

/** Worker, core, method and URI of a request: `2:0: GET /cart`, or `2:0` before the request has been read. */
export function whatOf(request: RequestInFlight): string {
  return [`${request.worker}:${request.core}`, lineOf(request)].filter((word) => word !== '').join(': ');
}

/** The same for the middle of a sentence: `4:1 GET /report`. */
export function requestWords(request: RequestInFlight): string {
  return `${request.worker}:${request.core} ${lineOf(request)}`.trim();
}

function lineOf({ method, uri }: RequestInFlight): string {
  // White space would end the URI, both for the reader and for the code that masks secrets.
  return [method, uri?.replace(/\s/g, '%20') ?? null].filter((word) => word !== null).join(' ');
}
