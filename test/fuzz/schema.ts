import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

// The bundle lies as deep in the project as this file does.
const SCHEMA = new URL('../../schema/statstop.sample-1.json', import.meta.url);

// The form of instants is checked by their pattern.
const validate = new Ajv2020({ strict: true, strictTypes: false, formats: { 'date-time': true } }).compile(
  JSON.parse(readFileSync(SCHEMA, 'utf8')),
);

/** What the schema of samples says against a document; `null` when nothing. */
export function schemaFault(document: unknown): string | null {
  if (validate(document)) return null;
  // Of a document of one kind, what the other kinds want is said first: the deepest place is the one that is meant.
  const errors = [...(validate.errors ?? [])];
  const [error] = errors.sort((a, b) => b.instancePath.length - a.instancePath.length);
  return `${error?.instancePath} ${error?.message}`;
}
