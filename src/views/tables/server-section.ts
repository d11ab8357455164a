import type { AppSample, Sample } from '../../rates/sample.ts';
import * as format from '../../text/format.ts';
import type { Mask } from '../../text/secrets.ts';
import { stateWords } from '../facts.ts';
import type { Field, Section } from '../view.ts';

/** What is known about a server that no row of a table shows: its process and, for an app server, its totals. */
export function serverSection(sample: Sample, mask: Mask): Section {
  const { version, pid, uid, gid, cwd } = sample.snapshot.server;
  const text = format.orUnknown(String);
  return {
    title: 'Server',
    fields: [
      { name: 'version', value: mask.text(version ?? format.UNKNOWN) },
      { name: 'pid', value: text(pid) },
      { name: 'uid:gid', value: `${text(uid)}:${text(gid)}` },
      { name: 'cwd', value: mask.text(cwd ?? format.UNKNOWN) },
      ...(sample.kind === 'app' ? totalFields(sample) : []),
    ],
  };
}

function totalFields({ totals }: AppSample): Field[] {
  return [
    { name: 'up', value: format.age(totals.uptime), note: 'since the start of the master' },
    { name: 'workers', value: `${format.count(totals.workers)}: ${stateWords(totals) || 'none'}` },
    {
      name: 'cores',
      value: format.outOf(totals.coresBusy, totals.cores),
      note: 'busy, of those that can take a request',
    },
    {
      name: 'long',
      value: format.count(totals.coresLong),
      note: 'cores in a request that is long on purpose, such as a WebSocket',
    },
    { name: 'requests', value: format.whole(totals.requests), note: SINCE },
    { name: 'exceptions', value: format.whole(totals.exceptions), note: SINCE },
    { name: 'harakiris', value: format.whole(totals.harakiris), note: SINCE },
    { name: 'respawns', value: format.whole(totals.respawns), note: SINCE },
    { name: 'sent', value: format.size(totals.tx), note: SINCE },
    {
      name: 'sent per second',
      value: format.size(totals.txRate),
      note: 'in the last interval',
    },
  ];
}

const SINCE = 'since the start or the last full reload';
