import { type Command, InvalidArgumentError } from 'commander';
import { LAST_PORT } from '../targets/tcp.ts';
import * as parse from './options.ts';

/** Where an HTTP server listens. */
export interface ListenAddress {
  host: string;
  port: number;
}

/** The port of uwsgi_exporter, on the loopback interface, because names of sockets and vassals are not public. */
const DEFAULT: ListenAddress = { host: '127.0.0.1', port: 9117 };

/** The formats that are printed once. */
export const FORMATS = ['text', 'openmetrics'] as const;

/** Seconds between two reads without scrapes. */
export const EXPORT_INTERVAL = 5;

/** Declares the options of `statstop export`. */
export function exportOptions(command: Command): Command {
  return command
    .optionsGroup('Export:')
    .option(
      '--listen <address>',
      `host:port of the HTTP server (default: ${DEFAULT.host}:${DEFAULT.port})`,
      listenAddress,
    )
    .option('--collect-cores', 'also export the metrics of each core')
    .option(
      '--probe-allow <pattern>',
      'targets that /probe?target= may read, such as /run/app/*.stats; can be repeated',
      probePattern,
    )
    .option(
      '--format <format>',
      `print the metrics once and end: ${FORMATS.join(' or ')}`,
      parse.oneOf(FORMATS),
    )
    .option('--to <file>', 'with --format: replace this file at once, for the textfile collector');
}

function probePattern(text: string, before: readonly string[] = []): readonly string[] {
  if (text === '') throw new InvalidArgumentError('It is empty, so it would allow no target.');
  return [...before, text];
}

/** Returns the address where the server listens. Without a host, it is the loopback interface. */
function listenAddress(text: string): ListenAddress {
  const [, host = '', port = ''] = /^(\[[\da-f:.]+\]|[^[\]:/\s]*):(\d{1,5})$/i.exec(text) ?? [];
  if (port === '' || Number(port) > LAST_PORT)
    throw new InvalidArgumentError(`It is not host:port, as in ${DEFAULT.host}:${DEFAULT.port}.`);
  return { host: host.replace(/^\[|\]$/g, '') || DEFAULT.host, port: Number(port) };
}

/** Returns where the server listens. */
export function listenOn(given: ListenAddress | undefined): ListenAddress {
  return given ?? DEFAULT;
}
