import type { ProcessReading } from '../../host/reading.ts';
import { requestOf } from '../../rates/in-flight.ts';
import { coreSamples } from '../../rates/rates.ts';
import type { AppSample, CoreSample } from '../../rates/sample.ts';
import type { Worker } from '../../stats/snapshot.ts';
import { bounded } from '../../text/bounds.ts';
import * as format from '../../text/format.ts';
import { plural } from '../../text/words.ts';
import type { CellContext } from '../column.ts';
import { requestLine } from '../request-line.ts';
import type { Field, Section, Summary } from '../view.ts';
import type { WorkerRow } from './worker-row.ts';

/** The values that show the state of a worker now. They fit on the first screen of 80x24. */
export function workerSummary({ of: { worker } }: WorkerRow, _: AppSample, { time }: CellContext): Summary {
  const { lastSpawn, accepting, alive } = worker;
  const up = alive && lastSpawn !== null ? format.age(Math.max(0, time - lastSpawn)) : format.UNKNOWN;
  return [
    'status',
    'oldest',
    'request',
    'busy',
    'rps',
    'responseTime',
    'rss',
    'cpu',
    'pid',
    { name: 'up', value: up, note: 'time since the start of its process' },
    'harakiris',
    'exceptions',
    'respawns',
    {
      name: 'accepting',
      value: accepting === null ? format.UNKNOWN : format.yesNo(accepting),
      note: 'takes new requests',
    },
  ];
}

/** Returns the sections for the detail of a worker that follow its summary. */
export function workerSections({ of, process }: WorkerRow, sample: AppSample, at: CellContext): Section[] {
  const { worker, txRate, requestsDelta, runningTimeDelta } = of;
  const sent = txRate === null ? format.UNKNOWN : `${format.size(txRate)}/s`;
  const cores = coreSamples(sample, of);
  return [
    ...(process ? [processSection(process, at)] : []),
    {
      title: 'Last interval',
      fields: [
        { name: 'requests', value: format.count(requestsDelta) },
        {
          name: 'running time',
          value: format.workTime(runningTimeDelta),
          note: 'of the requests that ended',
        },
        { name: 'sent', value: sent },
      ],
    },
    {
      title: `Cores (${cores.length})`,
      fields: bounded(cores, (core) => ({
        name: `${worker.id}:${core.core.id}`,
        value: doing(worker.id, core, at),
        short: true,
      })),
    },
    {
      title: 'Counters',
      fields: [
        { name: 'requests', value: format.count(worker.requestsSinceSpawn), note: 'since its last start' },
        { name: 'starts', value: format.count(worker.spawns), note: 'of its process, with the first one' },
        { name: 'queued signals', value: format.count(worker.signalQueue), note: 'uWSGI signals' },
        // The section of the process has the values of the kernel.
        ...(process && worker.uss === null ? [] : memoryFields(worker)),
      ],
    },
  ];
}

function memoryFields({ uss, pss }: Worker): Field[] {
  return [
    { name: 'uss', value: format.size(uss), note: 'memory that no other process shares' },
    { name: 'pss', value: format.size(pss), note: 'USS and its part of the shared memory' },
  ];
}

function doing(worker: number, { core, rps }: CoreSample, at: CellContext): string {
  if (!core.inRequest) return `idle, ${plural(core.requests, 'request')}, ${format.rate(rps)}/s`;
  const request = requestOf(worker, core, at);
  return `busy, ${format.age(request.age)} ${requestLine(request, at.mask)}`;
}

function processSection(process: ProcessReading, { time }: CellContext): Section {
  const { cpuTime, memory, threads, files, state, started } = process;
  const { voluntarySwitches, involuntarySwitches } = process;
  return {
    title: 'Process, from the kernel of this machine',
    fields: [
      { name: 'state', value: state, note: 'R run, S sleep, D disk wait, T stopped' },
      { name: 'cpu time', value: format.workTime(cpuTime), note: 'user and system, since its start' },
      {
        name: 'own memory (USS)',
        value: format.size(memory?.uss ?? null),
        note: 'freed if the process ends',
      },
      {
        name: 'its share (PSS)',
        value: format.size(memory?.pss ?? null),
        note: 'USS and its part of the shared memory',
      },
      { name: 'threads', value: format.count(threads) },
      { name: 'open files', value: format.count(files), note: 'with sockets and pipes' },
      { name: 'voluntary switches', value: format.count(voluntarySwitches), note: 'the process had to wait' },
      {
        name: 'involuntary switches',
        value: format.count(involuntarySwitches),
        note: 'the process could have run on',
      },
      { name: 'started', value: format.timestamp(started, time) },
    ],
  };
}
