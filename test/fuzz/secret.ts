/** Occurs in no capture, and must not occur in any output. */
export const SECRET = 'hunter2';

/** Variables of a request in flight, each with the secret at a typical place. */
export const PLANTED: readonly string[] = [
  `REQUEST_URI=/cart?item=3&token=${SECRET}&page=2`,
  `QUERY_STRING=item=3&token=${SECRET}&page=2`,
  `HTTP_COOKIE=theme=dark; session=${SECRET}; lang=de`,
  `HTTP_AUTHORIZATION=Bearer ${SECRET}`,
  `HTTP_SEC_WEBSOCKET_PROTOCOL=bearer, ${SECRET}`,
  `HTTP_X_ORIGINAL_URI=/reset/${SECRET}`,
];

const BEGAN = 1_795_335_100;

/** Adds a request with these variables to the first core of a document. */
export function plant(text: string): string {
  const vars = PLANTED.map((line) => `"${line}",\n`).join('');
  const running = text.replace(
    /"in_request":[01],(\s*)"vars":\[(\s*)(\]?)/,
    (_, gap: string, blank: string, close: string) =>
      `"in_request":1,${gap}"vars":[\n${vars}${close === '' ? blank : `""${blank}]`}`,
  );
  // The view shows the oldest request with a known start.
  return running.replace(
    /("in_request":1,\s*"vars":\[[^\]]*\],\s*"req_info":\s*\{)\s*\}/,
    `$1"request_start":${BEGAN}}`,
  );
}
