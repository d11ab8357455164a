import { DOCUMENT_FAULTS } from './document-faults.ts';
import type { Fault } from './fault.ts';
import { WIRE_FAULTS } from './wire-faults.ts';

const TABLE = { ...WIRE_FAULTS, ...DOCUMENT_FAULTS };

export type FaultName = keyof typeof TABLE;

/** All faults by name. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = TABLE;

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(TABLE, name);
}
