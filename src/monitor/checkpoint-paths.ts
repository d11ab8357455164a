import { PERIODS, type Period } from '../insights/paths/period.ts';
import type { Path, PathRequest, Profile } from '../insights/paths/profile.ts';
import { type Form, flag, list, mapOf, nullable, number, object, oneOf, text } from './forms.ts';

const known = nullable(number);
const numbers = list(number);

const cells: Form<Float64Array> = {
  write: (array) => numbers.write([...array]),
  read: (value) => Float64Array.from(numbers.read(value)),
};

export const PROFILE = object<Profile>({
  paths: list(
    object<Path>({
      method: nullable(text),
      path: nullable(text),
      host: nullable(text),
      hasSeveralHosts: flag,
    }),
  ),
  slots: mapOf(text, number),
  inFlight: mapOf(
    number,
    object<PathRequest>({
      slot: number,
      seconds: number,
      age: known,
      path: nullable(text),
      start: known,
      requests: known,
    }),
  ),
  periods: list(
    object<Period>({
      name: oneOf(PERIODS),
      buckets: list(
        object<Period['buckets'][number]>({ start: number, readings: number, seconds: number, cells }),
      ),
    }),
  ),
  seconds: known,
});
