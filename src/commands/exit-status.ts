import { SearchError } from '../host/search-error.ts';
import { RecordingError } from '../recordings/error.ts';
import { SettingFileError } from '../settings/file.ts';
import { MistakenError, NoServerError, TargetError, TargetErrors } from '../sources/errors.ts';
import { ConfigurationError } from '../targets/configuration/error.ts';
import { TargetSyntaxError } from '../targets/target.ts';
import { OutputError } from './output.ts';
import { UsageError } from './usage-error.ts';

interface ExitStatus {
  status: 0 | 1 | 2;
  meaning: string;
  errors: readonly (new (...args: never[]) => Error)[];
}

/**
 * The exit statuses of every command except `check`. Scripts depend on them: docs/outputs.md promises that they do not
 * change.
 */
export const EXIT_STATUSES: readonly ExitStatus[] = [
  { status: 0, meaning: 'success', errors: [] },
  {
    status: 1,
    meaning: 'the target cannot be read or is no stats document, or the output cannot be written',
    errors: [TargetError, OutputError, RecordingError, SearchError],
  },
  {
    status: 2,
    meaning:
      'the command line or the setting file is wrong, or the target is a configuration without stats, a log of uWSGI, or JSON of statstop',
    errors: [
      MistakenError,
      NoServerError,
      UsageError,
      TargetSyntaxError,
      ConfigurationError,
      SettingFileError,
    ],
  },
];

/** Whether an error is one of the target: what the user named, or its server. */
export function isOfTarget(error: unknown): boolean {
  return [TargetError, TargetErrors, TargetSyntaxError, ConfigurationError].some(
    (kind) => error instanceof kind,
  );
}

/** The exit status for an error; `undefined` for a defect of this program. */
export function statusOf(error: unknown): 1 | 2 | undefined {
  // From the last one: a mistaken target is also one that cannot be read.
  const found = EXIT_STATUSES.findLast(({ errors }) => errors.some((kind) => error instanceof kind));
  return found?.status || undefined;
}
