import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FleetSample } from '../../src/monitor/observation.ts';
import type { Exporter } from '../../src/outputs/exporter.ts';
import type { TextOptions } from '../../src/outputs/text.ts';

const FOLDER = new URL('../../src/outputs/', import.meta.url);

type OfServer = Exporter<TextOptions>;
type OfFleet = Exporter<TextOptions, FleetSample>;

const isExporter = (value: unknown): value is OfServer | OfFleet =>
  typeof value === 'object' && value !== null && 'name' in value && 'write' in value;

/** Every file of `src/outputs`, with its source text and its exporters. */
export const OUTPUT_FILES = await Promise.all(
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map(async (file) => {
      const path = fileURLToPath(new URL(file, FOLDER));
      const module: object = await import(/* @vite-ignore */ path);
      return { file, text: readFileSync(path, 'utf8'), exporters: Object.values(module).filter(isExporter) };
    }),
);

const ALL = OUTPUT_FILES.flatMap(({ exporters }) => exporters);

/** Every exporter of `src/outputs` that writes a server, so that a new one is tested without being listed. */
export const EXPORTERS = ALL.filter((exporter): exporter is OfServer => exporter.of === 'server');

/** Every exporter that writes all servers of a fleet. */
export const FLEET_EXPORTERS = ALL.filter((exporter): exporter is OfFleet => exporter.of === 'fleet');
