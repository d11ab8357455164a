import { describe, expect, it } from 'vitest';
import { boundForQueue, waitedFor } from '../../src/host/event-queue.ts';

/** As Linux 6.18 writes it for the master of uWSGI 2.0.21 with zerg and stats server. */
const FDINFO = `pos:	0
flags:	02
mnt_id:	17
ino:	1038
tfd:       11 events:       19 data:                b  pos:0 ino:9ae7b9 sdev:9
tfd:        9 events:       19 data:                9  pos:0 ino:9ae7b8 sdev:9
tfd:        6 events:       19 data:                6  pos:0 ino:9ae7b6 sdev:9
`;
const SOCKETS = new Map([
  [3, '10151849'],
  [6, '10151862'],
  [9, '10151864'],
  [11, '10151865'],
]);

describe('an event queue', () => {
  it('has the sockets that the process waits for', () => {
    expect([...waitedFor(FDINFO, SOCKETS)]).toEqual(['10151865', '10151864', '10151862']);
  });

  it('has no socket that has the number of one closed before', () => {
    expect([...waitedFor(FDINFO, new Map([[11, '10151999']]))]).toEqual([]);
  });

  it('is read from a kernel before Linux 4.13, which writes no inodes', () => {
    const old = 'pos:\t0\nflags:\t02\nmnt_id:\t9\ntfd:        5 events:       19 data:                5\n';
    expect([...waitedFor(old, new Map([[5, '77']]))]).toEqual(['77']);
  });

  it('is empty for other files', () => {
    expect([...waitedFor('pos:\t0\nflags:\t02\n', SOCKETS), ...waitedFor('', SOCKETS)]).toEqual([]);
  });
});

describe('sockets that were created for the event loop', () => {
  const bound = (queue: number, ...waited: string[]) =>
    boundForQueue({ sockets: SOCKETS, queues: [queue] }, new Map([[queue, new Set(waited)]]));

  it('are those that the queue waits for and that are younger than it', () => {
    expect(bound(8, '10151862', '10151864', '10151865')).toEqual(['10151864', '10151865']);
  });

  it('do not include the application sockets of a cheap master or a worker', () => {
    expect(bound(4, '10151849')).toEqual([]);
  });
});
