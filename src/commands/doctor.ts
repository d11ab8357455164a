import { documentSections } from '../outputs/doctor.ts';
import { type Fact, reportText, type Section } from '../outputs/report.ts';
import { SettingFileError } from '../settings/file.ts';
import { splitName } from '../targets/names.ts';
import type { Target } from '../targets/target.ts';
import type { Mask } from '../text/secrets.ts';
import {
  programSection,
  settingsSection,
  systemSection,
  terminalSection,
  userSection,
} from './doctor-sections.ts';
import { examine } from './doctor-target.ts';
import { environmentTargets } from './environment-targets.ts';
import { isOfTarget, statusOf } from './exit-status.ts';
import { type Chosen, chosen, maskOf, type Options, settingPathOf } from './options.ts';
import { write } from './output.ts';
import { firstTarget } from './resolve-target.ts';
import { UsageError } from './usage-error.ts';

/** A part of the report, and the error that its reader has to know. */
interface Part {
  sections: readonly Section[];
  error: unknown;
}

/**
 * `statstop doctor`: prints what a bug report needs. An error of one part is in its section, and the others are printed
 * as well. The exit status is that of the worst error.
 *
 * @param given the target of the command line, or null
 * @throws UsageError
 * @throws OutputError
 */
export async function doctor(given: string | null, options: Options): Promise<void> {
  const path = settingPathOf(options);
  const { settings, failure } = await settingsOf(options);
  const mask = maskOf({ ...settings, showSecrets: false });
  const names = Object.keys(settings.settings);
  const parts = [
    await part('statstop', () => programSection(mask)),
    await part('system', systemSection),
    await part('terminal', () => terminalSection(mask)),
    await part('user', userSection),
    await part('settings', () => settingsSection({ path, names, failure }, mask)),
    await targetPart(given, settings, mask),
  ];
  const found = [failure, ...parts.map(({ error }) => error)].filter((error) => error !== null);
  process.exitCode = found.reduce<number>((most, error) => Math.max(most, statusOf(error) ?? 1), 0);
  await write(reportText(parts.flatMap(({ sections }) => sections)));
}

async function settingsOf(options: Options): Promise<{ settings: Chosen; failure: SettingFileError | null }> {
  try {
    return { settings: await chosen(options, false), failure: null };
  } catch (error) {
    if (!(error instanceof SettingFileError)) throw error;
    return { settings: await chosen({ ...options, config: false }, false), failure: error };
  }
}

async function part(title: string, make: () => Section | Promise<Section>): Promise<Part> {
  try {
    return { sections: [await make()], error: null };
  } catch (error) {
    return { sections: [{ title, facts: [['error', `internal error: ${error}`]] }], error };
  }
}

async function targetPart(given: string | null, options: Chosen, mask: Mask): Promise<Part> {
  let from: Fact = ['given by', given === null ? 'STATSTOP_TARGET' : 'the command line'];
  let target: Target;
  try {
    const [text, ...others] = given === null ? await environmentTargets() : [given];
    if (text === undefined)
      return { sections: [{ title: 'target', facts: [['target', 'not given']] }], error: null };
    if (others.length > 0) from = ['given by', `STATSTOP_TARGET, the first of ${others.length + 1} targets`];
    // Without the name, the mask would not recognize a secret such as `token=...`.
    target = await firstTarget(mask.text(text) === text ? splitName(text).target : text);
  } catch (error) {
    if (!(error instanceof Error && (isOfTarget(error) || error instanceof UsageError))) throw error;
    return { sections: [{ title: 'target', facts: [from, ['error', mask.text(error.message)]] }], error };
  }
  const { timeout, long, settings } = options;
  const levels = settings.findings;
  const { facts, observed, locality, error } = await examine(target, { timeout, mask, long, levels });
  const section: Section = {
    title: 'target',
    facts: [['target', mask.text(target.text)], from, ...facts],
  };
  const others = observed === null ? [] : documentSections(observed, { mask, locality });
  return { sections: [section, ...others], error };
}
