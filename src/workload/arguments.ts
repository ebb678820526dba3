import type { Word } from './workload.js';

/** An option that was given, with its value when it takes one. */
export interface GivenOption {
  /** With its dashes: `-o`, `--output`. */
  readonly name: string;
  readonly value?: Word;
}

/** The arguments of a program, taken apart. */
export interface Arguments {
  readonly options: readonly GivenOption[];
  readonly operands: readonly Word[];
}

/**
 * Takes arguments apart as getopt_long does: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-abn value`.
 * `values` are the options with a value. With `longDash` (find, gcc) one dash starts a long name; with `flags` (ffmpeg)
 * every option takes a value but those.
 */
export function readArguments(
  words: readonly Word[],
  values: ReadonlySet<string>,
  longDash = false,
  flags?: ReadonlySet<string>,
): Arguments {
  const options: GivenOption[] = [];
  const operands: Word[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const { text } = word;
    const equals = text.indexOf('=');
    if (text === '--') {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (!text.startsWith('-') || text === '-') {
      operands.push(word);
    } else if (values.has(text) || (flags !== undefined && !flags.has(text))) {
      options.push(withValue(text, words[++i]));
    } else if ((text.startsWith('--') || longDash) && equals !== -1) {
      options.push({ name: text.slice(0, equals), value: restOfWord(word, equals + 1) });
    } else if (text.startsWith('--') || longDash) {
      options.push({ name: text });
    } else {
      for (let at = 1; at < text.length; at++) {
        const name = `-${text.charAt(at)}`;
        if (!values.has(name)) options.push({ name });
        else {
          options.push(withValue(name, at + 1 < text.length ? restOfWord(word, at + 1) : words[++i]));
          break;
        }
      }
    }
  }
  return { options, operands };
}

function withValue(name: string, value: Word | undefined): GivenOption {
  return value === undefined ? { name } : { name, value };
}

/** The end of a word as a word; its place is exact when the word stands in the file as it is. */
export function restOfWord(word: Word, from: number): Word {
  const text = word.text.slice(from);
  if (word.at === undefined) return { ...word, text };
  const { span } = word.at;
  const verbatim = span.end - span.start === word.text.length;
  return { ...word, text, at: verbatim ? { ...word.at, span: { start: span.start + from, end: span.end } } : word.at };
}

/** Whether one of the options was given; names are separated by blanks. */
export function hasOption({ options }: Arguments, names: string): boolean {
  const wanted = names.split(' ');
  return options.some(({ name }) => wanted.includes(name));
}

/** The values of some options, in order; names are separated by blanks. */
export function valuesOf({ options }: Arguments, names: string): Word[] {
  const wanted = names.split(' ');
  return options.flatMap(({ name, value }) => (value !== undefined && wanted.includes(name) ? [value] : []));
}
