import type { Connection } from '../monitor/observation.ts';

/** The words for the states of a connection. */
export const CONNECTIONS: Readonly<Record<Connection['state'], string>> = {
  live: 'up',
  lost: 'lost',
  connecting: 'waiting',
  saved: 'saved',
  closed: 'no stats',
};
