import type { Format } from '../outputs/prometheus/exposition.ts';

/** The content types of the formats (Prometheus, "Exposition formats"; OpenMetrics 1.0). */
export const TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The versions of OpenMetrics that a client may name. */
const VERSIONS = [undefined, '1.0.0'];

/** Choices of a header `Accept` or `Accept-Encoding` that are read. More are no real client's. */
const MOST_CHOICES = 20;

interface Choice {
  name: string;
  parameters: ReadonlyMap<string, string>;
  quality: number;
}

/** The choices of a header (RFC 9110, 12.4.2). A choice with an invalid quality is not accepted. */
function choices(header: string): Choice[] {
  return header
    .split(',', MOST_CHOICES)
    .map((text) => {
      const [name = '', ...others] = text.split(';').map((part) => part.trim().toLowerCase());
      const parameters = new Map(
        others.map((part) => {
          const [key = '', value = ''] = part.split('=', 2);
          return [key.trim(), value.trim().replace(/^"(.*)"$/, '$1')];
        }),
      );
      const quality = Number(parameters.get('q') ?? 1);
      return { name, parameters, quality: quality >= 0 && quality <= 1 ? quality : 0 };
    })
    .filter(({ name }) => name !== '');
}

/** The format for a client with this header `Accept`: OpenMetrics if the client names it and does not prefer text. */
export function formatFor(accept: string | undefined): Format {
  const best = (fits: (choice: Choice) => boolean) =>
    Math.max(
      0,
      ...choices(accept ?? '')
        .filter(fits)
        .map(({ quality }) => quality),
    );
  const open = best(
    ({ name, parameters }) =>
      name === 'application/openmetrics-text' && VERSIONS.includes(parameters.get('version')),
  );
  return open > 0 && open >= best(({ name }) => name === 'text/plain') ? 'openmetrics' : 'text';
}

/** Whether a client with this header `Accept-Encoding` accepts gzip. */
export function acceptsGzip(encoding: string | undefined): boolean {
  const all = choices(encoding ?? '');
  const choice = all.find(({ name }) => name === 'gzip') ?? all.find(({ name }) => name === '*');
  return (choice?.quality ?? 0) > 0;
}
