/** A place in a configuration. */
export interface Place {
  /** The file, by the name that the user or the including file gave it. */
  file: string;
  /** From 1; 0 for the environment. */
  line: number;
  /** The line as it stands in the file. */
  raw: string;
}

/** The name of a place in messages, such as `uwsgi.ini:7`. */
export function placeName({ file, line }: Place): string {
  return line === 0 ? file : `${file}:${line}`;
}

/** A configuration that does not lead to a stats server. The message names the file and the line, and what to do. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';

  constructor(place: Place | string, message: string) {
    super(`${typeof place === 'string' ? place : placeName(place)}: ${message}`);
  }
}
