/** The formats of `--stream`. This is a file of its own, so that the command line loads nothing else for it. */
export const STREAM_FORMATS = ['ndjson', 'csv'] as const;
export type StreamFormat = (typeof STREAM_FORMATS)[number];
