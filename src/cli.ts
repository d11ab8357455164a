import { keepCompiledCode } from './commands/compile-cache.ts';
import { write } from './commands/output.ts';
import { versionLine } from './commands/version.ts';

const VERSION = new Set(['-V', '--version']);

/** Runs statstop with the words of its command line and sets the exit status. */
export async function main(argv: readonly string[]): Promise<void> {
  const [only = ''] = argv.length === 1 ? argv : [];
  // This answer does not need the command line, which takes longer to load.
  if (VERSION.has(only)) await writeVersion();
  else {
    keepCompiledCode(process.env);
    await (await import('./commands/line.ts')).runLine(argv);
  }
}

async function writeVersion(): Promise<void> {
  try {
    await write(`${versionLine()}\n`);
  } catch (error) {
    (await import('./commands/report.ts')).report(error);
  }
}
