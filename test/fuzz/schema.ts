import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

// The bundle has the same depth in the project as this file.
const SCHEMA = new URL('../../schema/statstop.sample-1.json', import.meta.url);

// The schema has a pattern for the format of times.
const validate = new Ajv2020({ strict: true, strictTypes: false, formats: { 'date-time': true } }).compile(
  JSON.parse(readFileSync(SCHEMA, 'utf8')),
);

/** The error that the schema of samples reports for a document; `null` for a valid document. */
export function schemaFault(document: unknown): string | null {
  if (validate(document)) return null;
  // For a document of one kind, the errors of the other kinds come first. The error with the deepest path is the
  // relevant one.
  const errors = [...(validate.errors ?? [])];
  const [error] = errors.sort((a, b) => b.instancePath.length - a.instancePath.length);
  return `${error?.instancePath} ${error?.message}`;
}
