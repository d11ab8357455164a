import type { Oracle } from './oracle.ts';
import { decodes } from './oracles/decode.ts';
import { keepsNumbers } from './oracles/numbers.ts';
import { writesOutputs } from './oracles/outputs.ts';
import { hasSaneRates } from './oracles/rates.ts';
import { keepsSecrets } from './oracles/secrets.ts';
import { agreesWithJson } from './oracles/strict.ts';
import { paints } from './oracles/terminal.ts';
import { drawsFrames } from './oracles/views.ts';
import { readsWire } from './oracles/wire.ts';

/** The oracles: properties that hold for any input of a server. They run in this order. */
export const ORACLES = {
  decode: { check: decodes },
  numbers: { check: keepsNumbers },
  json: { check: agreesWithJson },
  rates: { check: hasSaneRates },
  views: { check: drawsFrames },
  outputs: { check: writesOutputs },
  secrets: { check: keepsSecrets },
  terminal: { check: paints, oneIn: 12 },
  wire: { check: readsWire, oneIn: 60 },
} as const satisfies Readonly<Record<string, Oracle>>;
