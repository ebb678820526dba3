/** Values of ARG and ENV at one place of a Dockerfile; `undefined` for a name that is declared without a value. */
export type Variables = ReadonlyMap<string, string | undefined>;

/** A text after expansion; `known` is false when a variable in it has no value here. */
export interface Expanded {
  readonly text: string;
  readonly known: boolean;
}

/** A value that grows beyond this is one that doubles in each line; no image has it. */
const LONGEST_VALUE = 64 * 1024;

const VARIABLE = /\\(.)|\$(?:\{(\w+)(?:(:?[-+?])([^{}]*))?\}|(\w+))/g;

/**
 * Puts in the values of `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`, as in "Environment replacement"
 * of the Dockerfile reference; a backslash keeps what follows. What has no value stays as it is written, and so does a
 * text that would become longer than any value is.
 */
export function expandVariables(text: string, variables: Variables): Expanded {
  const kept: string[] = [];
  let room = Math.max(LONGEST_VALUE, text.length);
  const keep = (raw: string): string => {
    kept.push(raw);
    return raw;
  };
  const replaced = text.replace(
    VARIABLE,
    (
      raw: string,
      escaped: string | undefined,
      braced: string | undefined,
      operator: string | undefined,
      operand: string | undefined,
      plain: string | undefined,
    ) => {
      if (escaped !== undefined) return escaped === '$' ? escaped : raw;
      const value = variables.get(braced ?? plain ?? '');
      const isSet = value !== undefined && (value !== '' || operator?.startsWith(':') !== true);
      room -= isSet ? value.length : 0;
      if (room < 0) return keep(raw);
      if (operator?.endsWith('-') === true) return isSet ? value : (operand ?? '');
      if (operator?.endsWith('+') === true) return isSet ? (operand ?? '') : keep(raw);
      return value ?? keep(raw);
    },
  );
  return { text: replaced, known: kept.length === 0 && !replaced.includes('${') };
}

/** Takes the quotes off a value of ARG, ENV, USER or WORKDIR. */
export function unquote(text: string): string {
  // An open quote goes to the end, and stays: so every character is looked at once.
  const quoted = /"((?:[^"\\]|\\.)*)"|'([^']*)'|["'].*/gs;
  return text.replace(quoted, (raw: string, double?: string, single?: string) =>
    double === undefined ? (single ?? raw) : double.replace(/\\(["\\])/g, '$1'),
  );
}

/**
 * Reads the pairs of `ENV A=1 B="two words"`, `ENV A the rest`, `ARG A=1 B`. Offsets are those of each pair in the text.
 */
export function readPairs(
  text: string,
  spaceSeparates: boolean,
): { name: string; value: string | undefined; start: number; end: number }[] {
  const first = /^\S+/.exec(text)?.[0] ?? '';
  if (spaceSeparates && first !== '' && !first.includes('=')) {
    return [{ name: first, value: text.slice(first.length).trim(), start: 0, end: text.length }];
  }
  const pairs = [];
  for (const match of text.matchAll(/(?:[^\s"'\\]|\\.?|"(?:[^"\\]|\\.)*"?|'[^']*'?)+/gs)) {
    const equals = match[0].indexOf('=');
    const name = equals === -1 ? match[0] : match[0].slice(0, equals);
    const value = equals === -1 ? undefined : unquote(match[0].slice(equals + 1));
    pairs.push({ name, value, start: match.index, end: match.index + match[0].length });
  }
  return pairs;
}
