import { CommanderError } from 'commander';
import { refuseDebugger } from '../terminal/signals.ts';
import { cleanLines } from '../text/clean.ts';
import { write } from './output.ts';
import { program } from './program.ts';
import { fail, report } from './report.ts';

/** The exit status of `check` after an error. A monitor would interpret 2 as a critical state of the server. */
const UNKNOWN = 3;

/** Runs the command line and sets the exit status. Every error is one line on standard error. */
export async function runLine(argv: readonly string[]): Promise<void> {
  refuseDebugger();
  process.on('uncaughtException', (error) => {
    // The live view handles the error itself: it must restore the terminal first.
    if (process.listenerCount('uncaughtException') > 1) return;
    process.once('exit', () => fail([{ message: `internal error: ${error.message}`, status: 1 }]));
    process.exit(1);
  });
  let said = '';
  const command = program((text) => {
    said += text;
  });
  try {
    await command.parseAsync([...argv], { from: 'user' }).catch(async (error: unknown) => {
      // commander throws an error with exit code 0 for --help and --version.
      if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
      await write(cleanLines(said));
    });
  } catch (error) {
    report(error);
    if (argv.includes('check')) process.exitCode = UNKNOWN;
  }
}
