import { APP_SERVER } from './app.table.ts';
import type { Sent } from './captures.ts';
import { EMPEROR } from './emperor.table.ts';
import { ROUTER } from './router.table.ts';
import { compare } from './table.ts';

/** Compares a whole document with its snapshot. */
export function compareDocument(sent: Sent, typed: unknown): void {
  if ('workers' in sent) compare(sent, typed, APP_SERVER, 'app');
  else if ('vassals' in sent) compare(sent, typed, EMPEROR, 'emperor');
  else compare(sent, typed, ROUTER, 'router');
}
