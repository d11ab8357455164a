/**
 * Signals that end a process (signal(7)) unless it handles them. These signals are left out:
 * - SIGKILL, which cannot be handled;
 * - SIGSEGV, SIGBUS, SIGFPE and SIGILL, after which no JavaScript can run (with a listener, Node.js would repeat the
 *   faulty instruction forever);
 * - SIGPIPE and SIGXFSZ, which Node.js ignores;
 * - real-time signals, which have no names in Node.js.
 */
export const ENDING_SIGNALS: readonly NodeJS.Signals[] = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGABRT',
  'SIGALRM',
  'SIGIO',
  'SIGPROF',
  'SIGPWR',
  'SIGSTKFLT',
  'SIGSYS',
  'SIGTRAP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGVTALRM',
  'SIGXCPU',
];

/** Ends this process by the signal's default action, so that its parent can see which signal it was. */
export function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/**
 * Prevents SIGUSR1 from starting the debugger of Node.js. Every user of this machine can connect to the debugger's TCP
 * port and run code in this process. With a listener, Node.js does not start it. Instead, SIGUSR1 ends the process, as
 * it does for other programs. The listener of a live view runs first and restores the terminal.
 */
export function refuseDebugger(): void {
  process.on('SIGUSR1', () => {
    if (process.listenerCount('SIGUSR1') === 1) endBy('SIGUSR1');
  });
}
