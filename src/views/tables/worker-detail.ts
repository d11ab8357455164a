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
import type { Field, Section } from '../view.ts';
import type { WorkerRow } from './worker-row.ts';

/** Returns the sections for the detail of a worker: values without a column, its process, and its cores. */
export function workerSections({ of, process }: WorkerRow, sample: AppSample, at: CellContext): Section[] {
  const { worker, txRate, requestsDelta, runningTimeDelta } = of;
  const sent = txRate === null ? format.UNKNOWN : `${format.size(txRate)}/s`;
  const cores = coreSamples(sample, of);
  return [
    {
      title: `Worker ${worker.id}`,
      fields: [
        {
          name: 'accepting',
          value: worker.accepting === null ? format.UNKNOWN : format.yesNo(worker.accepting),
          note: 'takes new requests',
        },
        { name: 'requests', value: format.count(worker.requestsSinceSpawn), note: 'since its last start' },
        { name: 'requests', value: format.count(requestsDelta), note: 'in the last interval' },
        { name: 'running time', value: format.workTime(runningTimeDelta), note: 'in the last interval' },
        { name: 'sent', value: sent, note: 'in the last interval' },
        { name: 'starts', value: format.count(worker.spawns), note: 'of its process, the first one too' },
        // The section of the process has the values of the kernel.
        ...(process && worker.uss === null ? [] : memoryFields(worker)),
        { name: 'signals that wait', value: format.count(worker.signalQueue) },
      ],
    },
    ...(process ? [processSection(process, at)] : []),
    {
      title: `Cores (${cores.length})`,
      fields: bounded(cores, (core) => ({
        name: `${worker.id}:${core.core.id}`,
        value: doing(worker.id, core, at),
        short: true,
      })),
    },
  ];
}

function memoryFields({ uss, pss }: Worker): Field[] {
  return [
    { name: 'uss', value: format.size(uss), note: 'memory that is its own' },
    { name: 'pss', value: format.size(pss), note: 'the same, and its part of what is shared' },
  ];
}

function doing(worker: number, { core, rps }: CoreSample, at: CellContext): string {
  if (!core.inRequest) return `idle, ${plural(core.requests, 'request')}, ${format.rate(rps)}/s`;
  const request = requestOf(worker, core, at);
  return `busy, ${format.age(request.age)} ${requestLine(request, at.mask)}`;
}

function processSection(process: ProcessReading, { time }: CellContext): Section {
  const { cpu, cpuTime, rss, memory, threads, files, state, started } = process;
  const { voluntarySwitches, involuntarySwitches } = process;
  return {
    title: 'Process, as the kernel of this machine knows it',
    fields: [
      { name: 'cpu', value: format.wholePercent(cpu), note: 'of one processor' },
      { name: 'cpu time', value: format.workTime(cpuTime), note: 'since it was started, user and system' },
      { name: 'rss', value: format.size(rss), note: 'resident memory' },
      {
        name: 'own memory (USS)',
        value: format.size(memory?.uss ?? null),
        note: 'what would be free if it ended',
      },
      {
        name: 'its share (PSS)',
        value: format.size(memory?.pss ?? null),
        note: 'the same, and its part of what is shared',
      },
      { name: 'state', value: state, note: 'R running, S sleeping, D waiting for a disk, T stopped' },
      { name: 'threads', value: format.count(threads) },
      { name: 'open files', value: format.count(files), note: 'sockets and pipes among them' },
      { name: 'gave way', value: format.count(voluntarySwitches), note: 'switches while it waited' },
      {
        name: 'was put off',
        value: format.count(involuntarySwitches),
        note: 'switches while it wanted to run',
      },
      { name: 'started', value: format.timestamp(started, time) },
    ],
  };
}
