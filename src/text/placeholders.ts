/** The parts of a path that differ between requests, as the pattern of a path has them. */
export const PLACEHOLDERS = {
  number: ':n',
  uuid: ':uuid',
  hash: ':hash',
  email: ':email',
  token: ':token',
} as const;

const ALONE = new RegExp(`^(?:${Object.values(PLACEHOLDERS).join('|')})(?:\\.[a-z]{1,5})?$`);

/** Whether a segment of a path is only a placeholder, with or without the ending of a file: `:n`, `:hash.css`. */
export function isPlaceholder(segment: string): boolean {
  return ALONE.test(segment);
}
