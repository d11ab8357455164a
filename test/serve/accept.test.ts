import { describe, expect, it } from 'vitest';
import { acceptsGzip, formatFor } from '../../src/serve/accept.ts';

describe('the format', () => {
  it.each([
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    ['application/openmetrics-text; version="1.0.0"; charset=utf-8', 'openmetrics'],
    ['APPLICATION/OPENMETRICS-TEXT', 'openmetrics'],
    ['text/plain;q=0.5, application/openmetrics-text;q=0.5', 'openmetrics'],
    ['text/plain, application/openmetrics-text;q=0.5', 'text'],
    ['application/openmetrics-text;version=0.0.1', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
    ['application/openmetrics-text;q=2', 'text'],
    ['application/openmetrics-text;q=x', 'text'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'text'],
    ['*/*', 'text'],
    ['', 'text'],
    [',;,=;q', 'text'],
    [undefined, 'text'],
  ])('for %j is %s', (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});

describe('gzip', () => {
  it.each([
    ['gzip', true],
    ['deflate, GZIP;q=0.5', true],
    ['*', true],
    ['gzip;q=0', false],
    ['*, gzip;q=0', false],
    ['deflate', false],
    ['', false],
    [undefined, false],
  ])('for %j: %s', (encoding, accepted) => {
    expect(acceptsGzip(encoding)).toBe(accepted);
  });
});
