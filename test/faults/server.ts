import { appDocument } from '../../src/demo/document.ts';
import { emperorState } from '../../src/demo/emperor.ts';
import { emperorDocument } from '../../src/demo/emperor-document.ts';
import type { DemoServer } from '../../src/demo/server.ts';
import { decode } from '../../src/stats/decode.ts';
import type { Snapshot } from '../../src/stats/snapshot.ts';
import { type FaultyServer, startServer } from '../demo/faults/server.ts';
import { FAULTS, type FaultName, isFaultName } from '../demo/faults/table.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';
import { type Failure, OUTCOMES, type Outcome, type Reads } from './outcomes.ts';
import type { OnFinish } from './side-by-side.ts';

export const WORKERS = 8;

/** Timeout in seconds for a read that must not time out. */
export const PATIENCE = TIMEOUT_SECONDS;

export const FAULT_NAMES: readonly FaultName[] = Object.keys(FAULTS).filter(isFaultName);

export type Row<Kind extends Outcome> = readonly [FaultName, Kind];

const ROWS: readonly Row<Outcome>[] = FAULT_NAMES.map((name) => [name, OUTCOMES[name]]);

const isRead = (row: Row<Outcome>): row is Row<Reads> => 'reads' in row[1];
const isFailure = (row: Row<Outcome>): row is Row<Outcome & Failure> => 'fails' in row[1];

export const READ_ROWS = ROWS.filter(isRead);
export const FAILURE_ROWS = ROWS.filter(isFailure);

/** Starts a server for that row, at a simulated age of half a minute and with the fault set. */
export async function serverOf([fault, row]: Row<Outcome>, onFinish: OnFinish): Promise<FaultyServer> {
  const { address, kind } = row;
  const server = await startServer({
    address,
    kind,
    fault,
    workers: WORKERS,
    rate: 200,
    warm: false,
    // The server must not drop a client because both share a busy process.
    socketTimeout: PATIENCE,
  });
  onFinish(() => server.close());
  server.traffic.advance(30);
  return server;
}

/** The snapshot of the last document, without a fault. Its times have another epoch. */
export function plainSnapshot({ traffic: { state } }: DemoServer, { kind = 'app' }: Outcome): Snapshot {
  const document =
    kind === 'app'
      ? appDocument(state, { extras: true })
      : emperorDocument(emperorState(state.time), { version: '2.1' });
  return decode(Buffer.from(document));
}

const INSTANTS =
  /^(lastSpawn|requestStart|lastModified|startedAt|born|last(Heartbeat|Loyal|Ready|Accepting|Run|Attempt)|first(Run|Attempt)|cursedAt)$/;

/** Replaces each time by whether it is known, to compare snapshots of different epochs. Leaves out `repaired`. */
export function timeless(snapshot: Snapshot): unknown {
  const values = (name: string, value: unknown) => {
    if (name === 'repaired') return undefined;
    return INSTANTS.test(name) && value !== null ? 'known' : value;
  };
  return JSON.parse(JSON.stringify(snapshot, values));
}
