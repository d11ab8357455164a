import type { About, Severity } from '../rates/finding.ts';

/**
 * Kinds of events, in the order of the documentation.
 *
 * - `began`, `ended`: a finding
 * - `harakiri`, `respawn`: the end of a process, and its replacement
 * - `reload`, `restart`: a new run of the server, under the same master or under another one
 * - `cheaper`: workers that uWSGI's cheaper subsystem started or stopped
 * - `lost`, `restored`: the connection
 */
export const EVENT_KINDS = [
  'began',
  'ended',
  'harakiri',
  'respawn',
  'reload',
  'restart',
  'cheaper',
  'lost',
  'restored',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * Something that happened to a server. It is recorded once. Only an open event changes: its text while more follows, and
 * at its end `until`, and perhaps `result`.
 */
export interface Event {
  /** Number of the event among those of its server, from 1. Events are numbered in the order of their recording. */
  id: number;
  /** Unix seconds of the reading that showed it, or of the failure. */
  time: number;
  /** End in Unix seconds; `null` while it lasts. Absent for an event without duration. */
  until?: number | null;
  kind: EventKind;
  /** Severity of a finding: when it began, or the worst one when it ended. */
  severity?: Severity;
  /** What happened, with figures. Not sanitized, and secrets are not masked. */
  text: string;
  /** What was known only at the end. Not sanitized, and secrets are not masked. */
  result?: string;
  /** The row or view concerned; `null` for the whole server. */
  about: About | null;
  /** The server, in the events of a fleet. */
  server?: { target: string; name: string };
}

/** Limits of the events of one server: their number, and the UTF-16 units of one text. */
export const MOST_EVENTS = 500;
export const LONGEST_TEXT = 600;

/** Seconds for which an event lasted, or has lasted until now; `null` for an event without duration. */
export function lasted({ time, until }: Event, now: number): number | null {
  return until === undefined ? null : Math.max(0, (until ?? now) - time);
}
