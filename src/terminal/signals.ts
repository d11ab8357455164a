/**
 * Signals that end a process (signal(7)) unless it handles them. Left out are: SIGKILL, which cannot be handled;
 * SIGSEGV, SIGBUS, SIGFPE and SIGILL, after which no JavaScript can run (with a listener, Node.js would repeat the
 * faulty instruction forever); SIGPIPE and SIGXFSZ, which Node.js ignores; real-time signals, which have no name there.
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

/** Ends this process as the signal does by default, so that its parent sees which signal it was. */
export function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/**
 * Node.js opens its debugger on SIGUSR1, on a TCP port that every user of this machine can connect to and run code
 * through. With a listener it does not. SIGUSR1 ends the process instead, as it ends other programs; the listener of a
 * live view comes first, and restores the terminal.
 */
export function refuseDebugger(): void {
  process.on('SIGUSR1', () => {
    if (process.listenerCount('SIGUSR1') === 1) endBy('SIGUSR1');
  });
}
