import type { Member } from '../../monitor/observation.ts';
import { boundedMask } from '../../text/bounds.ts';
import { clean } from '../../text/clean.ts';
import type { Mask } from '../../text/secrets.ts';

/** Maximum UTF-16 units of a text in a label, without the note that it was cut. */
const LABEL_CHARACTERS = 128;

/** Returns labels with their values, without braces: `name="web",proto="http"`. Texts are masked, cut and cleaned. */
export function labelText(
  names: readonly string[],
  values: readonly (string | number | null)[],
  mask: Mask,
): string {
  let text = '';
  for (const [at, name] of names.entries()) {
    const value = values[at] ?? '';
    text += `${at === 0 ? '' : ','}${name}="${typeof value === 'number' ? value : quoted(shown(value, mask))}"`;
  }
  return text;
}

function shown(value: string, mask: Mask): string {
  return clean(boundedMask(mask, LABEL_CHARACTERS).text(value));
}

/** Escapes a text for a label. `clean` has already replaced newlines. */
function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

/**
 * The names of servers in the label `stats_uri`: their targets, as the user gave them. Two targets can look the same
 * after masking; the name of the server, or a number, then distinguishes them.
 */
export function serverNames(members: readonly Member[], mask: Mask): string[] {
  const used = new Set<string>();
  return members.map(({ name, observation }) => {
    // The pid in the path to a container changes with each start.
    const target = observation.target.replace(/^\/proc\/\d+\/root(?=\/)/, '');
    const candidates = [target, `${target} ${name}`].map((text) => shown(text, mask));
    let label = candidates.find((text) => !used.has(text)) ?? '';
    for (let number = 2; label === ''; number += 1) {
      const next = `${candidates[0]} ${number}`;
      if (!used.has(next)) label = next;
    }
    used.add(label);
    return label;
  });
}

/** The label of a server. */
export function serverLabel(name: string, label: string): string {
  return `${name}="${quoted(label)}"`;
}
