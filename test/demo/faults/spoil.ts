/**
 * Functions that damage a correct document of uWSGI. They work on its text, one character per byte, because the
 * variables of requests in flight may not be valid JSON.
 */

/** Changes a document as text in which each character is one byte. */
export function edit(document: Buffer, change: (text: string) => string): Buffer {
  return Buffer.from(change(document.toString('latin1')), 'latin1');
}

/** Converts characters, or bytes that are not valid UTF-8, to such a text. */
export function encode(content: string | Buffer): string {
  return (typeof content === 'string' ? Buffer.from(content) : content).toString('latin1');
}

/** Inserts entries before the first entry of the document. */
export function intoRoot(text: string, entries: string): string {
  return text.replace(/^\s*\{/, (start) => start + entries);
}

/** Inserts entries before the first entry of each worker. */
export function intoWorkers(text: string, entries: string): string {
  return text.replace(/\{(?=\s*"id":\d+,\s*"pid":\d+,\s*"accepting")/g, (start) => start + entries);
}

/** Inserts metrics before the first metric. */
export function intoMetrics(text: string, entries: string): string {
  return text.replace(/"metrics":\s*\{/, (start) => start + entries);
}

/** Replaces the number in every field with one of these names. */
export function intoFields(text: string, names: readonly string[], value: bigint): string {
  return text.replace(new RegExp(`"(${names.join('|')})":\\d+`, 'g'), `"$1":${value}`);
}

/** -1, as uWSGI writes it (`%llu`). */
export const CAST = 2n ** 64n - 1n;

/** Measured values of the server and of the first worker. */
const MEASURES = ['listen_queue', 'signal_queue', 'load', 'rss', 'vsz'] as const;

/** Replaces the first field of each name by -1. */
export function castNegative(text: string): string {
  return MEASURES.reduce((all, name) => all.replace(new RegExp(`("${name}":)\\d+`), `$1${CAST}`), text);
}

/** Inserts a comma before each bracket that closes a list of objects, and before the last brace. */
export function commaTooMany(text: string): string {
  return text.replace(/\}(?=\s*\])/g, '},').replace(/\s*\}\s*$/, ',$&');
}

/** Replacements for a number, in turn. The most similar one is the same number as a string. */
const NO_NUMBERS: readonly ((digits: string) => string)[] = [
  (digits) => `"${digits}"`,
  () => 'null',
  () => '{"value":1}',
  () => '[1]',
  () => 'true',
];

/**
 * Changes the types in the first worker: numbers, strings and lists get another type. Its own lists get other names.
 */
export function changeTypes(text: string): string {
  const ownCores = text.replace(/("workers":\s*\[[\s\S]*?)"cores":/, '$1"own_cores":');
  return ownCores.replace(/(?<="workers":\s*\[\s*\{)([^[]*)"apps":/, (_, numbers: string) => {
    let turn = 0;
    const wrong = numbers
      .replace(/(?<=:)\d+/g, (digits) => NO_NUMBERS[turn++ % NO_NUMBERS.length]?.(digits) ?? digits)
      .replace(/"status":"\w*"/, '"status":{"busy":1}');
    return `${wrong}"apps":{"id":0},"cores":"2","own_apps":`;
  });
}
