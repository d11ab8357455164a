/**
 * Ways to spoil a document that uWSGI wrote well. They go by its text, a character a byte, and ask for no valid JSON:
 * the words of running requests can be anything.
 */

/** Changes a document as text in which each byte is one character. */
export function edit(document: Buffer, change: (text: string) => string): Buffer {
  return Buffer.from(change(document.toString('latin1')), 'latin1');
}

/** Characters, or bytes that are none, as they are in such a text. */
export function encode(content: string | Buffer): string {
  return (typeof content === 'string' ? Buffer.from(content) : content).toString('latin1');
}

/** Puts entries before the first one of the document. */
export function intoRoot(text: string, entries: string): string {
  return text.replace(/^\s*\{/, (start) => start + entries);
}

/** Puts entries before the first one of each worker. */
export function intoWorkers(text: string, entries: string): string {
  return text.replace(/\{(?=\s*"id":\d+,\s*"pid":\d+,\s*"accepting")/g, (start) => start + entries);
}

/** Puts metrics before the first one. */
export function intoMetrics(text: string, entries: string): string {
  return text.replace(/"metrics":\s*\{/, (start) => start + entries);
}

/** Another number in every field of these names. */
export function intoFields(text: string, names: readonly string[], value: bigint): string {
  return text.replace(new RegExp(`"(${names.join('|')})":\\d+`, 'g'), `"$1":${value}`);
}

/** -1, as uWSGI writes it (`%llu`). */
export const CAST = 2n ** 64n - 1n;

/** What is measured: of the server, and of the first worker. */
const MEASURES = ['listen_queue', 'signal_queue', 'load', 'rss', 'vsz'] as const;

/** -1 in the first field of each name. */
export function castNegative(text: string): string {
  return MEASURES.reduce((all, name) => all.replace(new RegExp(`("${name}":)\\d+`), `$1${CAST}`), text);
}

/** A comma before each bracket that closes a list of objects, and before the brace at the end. */
export function commaTooMany(text: string): string {
  return text.replace(/\}(?=\s*\])/g, '},').replace(/\s*\}\s*$/, ',$&');
}

/** What stands in place of a number, by turns. The same number as a string is the most like it. */
const NO_NUMBERS: readonly ((digits: string) => string)[] = [
  (digits) => `"${digits}"`,
  () => 'null',
  () => '{"value":1}',
  () => '[1]',
  () => 'true',
];

/** Of the first worker: no number where a number should be, no string, no list. Its own lists get other names. */
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
