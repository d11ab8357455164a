import type { Connection, Member } from '../monitor/observation.ts';

/** The words for the states of a connection. */
export const CONNECTIONS: Readonly<Record<Connection['state'], string>> = {
  live: 'up',
  lost: 'lost',
  connecting: 'waiting',
  saved: 'saved',
  closed: 'no stats',
};

/** The number of servers in each state of the connection: `5 up, 1 lost`. */
export function connectionCounts(members: readonly Member[]): string {
  const states = members.map((member) => CONNECTIONS[member.observation.connection.state]);
  const counts = Object.values(CONNECTIONS).flatMap((word) => {
    const count = states.filter((state) => state === word).length;
    return count > 0 ? [`${count} ${word}`] : [];
  });
  return counts.join(', ');
}
