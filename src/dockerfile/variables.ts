/** Values of ARG and ENV at one place of a Dockerfile; `undefined` for a name that is declared without a value. */
export type Variables = ReadonlyMap<string, string | undefined>;

/** A text after expansion; `known` is false when a variable in it has no value here. */
export interface Expanded {
  readonly text: string;
  readonly known: boolean;
}

/** A value that grows beyond this is one that doubles in each line; no image has it. */
const LONGEST_VALUE = 64 * 1024;

/** Deeper than anybody nests `${A:-${B:-…}}`; what lies deeper stays as it is written. */
const DEEPEST = 20;

interface Reader {
  readonly text: string;
  readonly variables: Variables;
  readonly escape: string;
  at: number;
  /** Characters that values may still add. */
  room: number;
}

/**
 * Takes off quotes and escapes and puts in the values of `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`,
 * as in "Environment replacement" of the Dockerfile reference; single quotes keep a dollar. What has no value stays as
 * it is written, and so does a text that would become longer than any value is.
 */
export function expandVariables(text: string, variables: Variables, escape = '\\'): Expanded {
  return readWord({ text, variables, escape, at: 0, room: Math.max(LONGEST_VALUE, text.length) }, '', 0);
}

/** Reads up to a character that ends the word, or to the end of the text. */
function readWord(reader: Reader, stop: string, depth: number): Expanded {
  const { text, escape } = reader;
  const parts: string[] = [];
  let known = true;
  let isQuoted = false;
  for (; reader.at < text.length; reader.at++) {
    const char = text.charAt(reader.at);
    if (char === stop && !isQuoted) break;
    if (char === '"') isQuoted = !isQuoted;
    else if (char === "'" && !isQuoted) {
      const close = text.indexOf("'", reader.at + 1);
      const end = close === -1 ? text.length : close;
      parts.push(text.slice(reader.at + 1, end));
      reader.at = end;
    } else if (char === escape) {
      const following = text.charAt(reader.at + 1);
      // Inside double quotes an escape character keeps only what would mean something there.
      parts.push(isQuoted && !['"', '$', escape].includes(following) ? char + following : following);
      reader.at++;
    } else if (char === '$') {
      const value = readVariable(reader, depth);
      parts.push(value.text);
      known &&= value.known;
    } else parts.push(char);
  }
  return { text: parts.join(''), known };
}

/** Reads from a dollar on; leaves the reader at the last character of the variable. */
function readVariable(reader: Reader, depth: number): Expanded {
  const { text, at: start } = reader;
  const isBraced = text.charAt(start + 1) === '{';
  NAME.lastIndex = start + (isBraced ? 2 : 1);
  const name = NAME.exec(text)?.[0];
  if (name === undefined) return { text: '$', known: !isBraced };
  reader.at = NAME.lastIndex - 1;
  const value = reader.variables.get(name);
  if (!isBraced) return put(reader, value) ?? { text: text.slice(start, reader.at + 1), known: false };
  const [, colon, operator] = /^(:?)([-+?]?)/.exec(text.slice(reader.at + 1, reader.at + 3)) ?? [];
  reader.at += 1 + (colon?.length ?? 0) + (operator?.length ?? 0);
  // What stands after an operator that is not known here is read too, so that its end is found.
  const operand: Expanded = depth < DEEPEST ? readWord(reader, '}', depth + 1) : { text: '', known: false };
  const raw = { text: text.slice(start, reader.at + 1), known: false };
  const isSet = value !== undefined && (value !== '' || colon !== ':');
  if (operator === '-') return isSet ? (put(reader, value) ?? raw) : operand;
  if (operator === '+') return isSet ? operand : raw;
  return operand.text === '' || operator === '?' ? (put(reader, value) ?? raw) : raw;
}

const NAME = /[A-Za-z_]\w*/y;

function put(reader: Reader, value: string | undefined): Expanded | undefined {
  reader.room -= value?.length ?? 0;
  return value === undefined || reader.room < 0 ? undefined : { text: value, known: true };
}

const PAIR = /(?:[^\s"'\\]|\\.?|"(?:[^"\\]|\\.)*"?|'[^']*'?)+/gs;
const PAIR_WITH_BACKTICK = /(?:[^\s"'`]|`.?|"(?:[^"`]|`.)*"?|'[^']*'?)+/gs;

/**
 * Reads the pairs of `ENV A=1 B="two words"`, `ENV A the rest`, `ARG A=1 B`. Offsets are those of each pair in the text;
 * values keep their quotes, and so does what a variable stands in.
 */
export function readPairs(
  text: string,
  spaceSeparates: boolean,
  escape = '\\',
): { name: string; value: string | undefined; start: number; end: number }[] {
  const first = /^\S+/.exec(text)?.[0] ?? '';
  if (spaceSeparates && first !== '' && !first.includes('=')) {
    return [{ name: first, value: text.slice(first.length).trim(), start: 0, end: text.length }];
  }
  const pairs = [];
  for (const match of text.matchAll(escape === '`' ? PAIR_WITH_BACKTICK : PAIR)) {
    const equals = match[0].indexOf('=');
    const name = equals === -1 ? match[0] : match[0].slice(0, equals);
    const value = equals === -1 ? undefined : match[0].slice(equals + 1);
    pairs.push({ name, value, start: match.index, end: match.index + match[0].length });
  }
  return pairs;
}
