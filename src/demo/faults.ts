import { DOCUMENT_FAULTS } from './document-faults.ts';
import type { Fault } from './fault.ts';
import { sendAndClose } from './transport.ts';
import { WIRE_FAULTS } from './wire-faults.ts';

const TABLE = { ...WIRE_FAULTS, ...DOCUMENT_FAULTS };

export type FaultName = keyof typeof TABLE;

/** Every fault by its name. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = TABLE;

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(TABLE, name);
}

/** The steps of a turn: the fault's own where it has them. */
export function stepsOf(name: FaultName | null): Fault & Required<Pick<Fault, 'send'>> {
  const fault = name === null ? {} : FAULTS[name];
  return { description: '', send: sendAndClose, ...fault };
}
