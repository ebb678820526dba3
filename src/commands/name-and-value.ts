import { UsageError } from './core.js';

/**
 * Takes the value of a flag apart.
 *
 * @param flag its name, for the message: `--var`
 * @throws UsageError when the value is not `NAME=VALUE`
 */
export function nameAndValue(flag: string, value: string): [string, string] {
  const at = value.indexOf('=');
  if (at < 1) throw new UsageError(`${flag} ${value}: expected NAME=VALUE`);
  return [value.slice(0, at), value.slice(at + 1)];
}
