import { readFileSync } from 'node:fs';

/** The text of a capture of a real server. */
export function capture(name: string): string {
  return readFileSync(new URL(`../../fixtures/uwsgi-2.0.21/${name}.1.stats`, import.meta.url), 'latin1');
}

/**
 * A document without the parts that differ between servers: numbers, strings, and variables of requests in flight.
 * Keys, their order and all whitespace remain.
 */
export function layout(document: string): string {
  return document
    .replaceAll('/srv/shop', '/srv/app')
    .replace(/"vars":\[\n(?:"[A-Z].*\n)+""\n/g, '"vars":[\n""\n')
    .replace(/"vars":\["[A-Z].*?,""\]/g, '"vars":[""]')
    .replace(/":"(?:[^"\\]|\\.)*"/g, '":""')
    .replace(/":-?\d+/g, '":0');
}
