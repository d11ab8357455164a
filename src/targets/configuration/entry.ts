/** An option as a file contains it, in the order of the file. An option can occur several times. */
export interface Entry {
  key: string;
  value: string;
  /** From 1. */
  line: number;
}
