import { readdirSync } from 'node:fs';
import type { Exporter } from '../../src/outputs/exporter.ts';
import type { TextOptions } from '../../src/outputs/text.ts';

const FOLDER = new URL('../../src/outputs/', import.meta.url);

const isExporter = (value: unknown): value is Exporter<TextOptions> =>
  typeof value === 'object' && value !== null && 'name' in value && 'write' in value;

/** Every exporter that a file of `src/outputs` has: a new one is tested without being listed. */
export const EXPORTERS: readonly Exporter<TextOptions>[] = (
  await Promise.all(readdirSync(FOLDER).map((file) => import(`../../src/outputs/${file.slice(0, -3)}.ts`)))
).flatMap((module) => Object.values(module).filter(isExporter));
