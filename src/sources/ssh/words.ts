import type { Address, Login } from '../../targets/target.ts';

/** Seconds between two signs of life, and their number without an answer after which `ssh` ends. */
const ALIVE_SECONDS = 5;
const ALIVE_COUNT = 3;

/**
 * The arguments of the `ssh` that holds the connection to a machine. It runs no command there and forwards nothing until
 * it is asked to at its control socket.
 *
 * - The forwardings of the user's configuration are left out. Another `ssh` may have taken their ports.
 * - A connection that the user shares (`ControlMaster`) is not used. It would keep our sockets.
 *
 * @param control path of the control socket
 * @param timeoutSeconds limit for the connection
 */
export function connectWords(login: Login, control: string, timeoutSeconds: number): string[] {
  const options = {
    BatchMode: 'yes',
    // Later than our own limit, whose error says what to do.
    ConnectTimeout: Math.ceil(timeoutSeconds) + 1,
    ServerAliveInterval: ALIVE_SECONDS,
    ServerAliveCountMax: ALIVE_COUNT,
    ControlMaster: 'yes',
    ControlPath: control,
    ControlPersist: 'no',
    ClearAllForwardings: 'yes',
    RemoteCommand: 'none',
    // Messages about channels need this level.
    LogLevel: 'INFO',
  };
  return [
    '-N',
    '-T',
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...place(login),
  ];
}

/**
 * The arguments of the `ssh` that asks another one, at its control socket, to forward a socket. It reads no
 * configuration, which could contain other forwardings.
 *
 * @param local path of the new socket on this machine
 */
export function forwardWords(login: Login, control: string, local: string, there: Address): string[] {
  return [
    '-F',
    'none',
    '-S',
    control,
    '-O',
    'forward',
    '-L',
    `${local}:${forwarded(there)}`,
    ...place(login),
  ];
}

/** After `--`, a name that begins with a dash is no option. */
function place({ user, host, port }: Login): string[] {
  return [...(user === null ? [] : ['-l', user]), ...(port === null ? [] : ['-p', String(port)]), '--', host];
}

/** An address in the form of `-L`, in which a colon separates fields. */
function forwarded(address: Address): string {
  if (address.family === 'tcp')
    return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
  return (address.family === 'unix' ? address.path : `@${address.name}`).replaceAll(':', '\\:');
}
