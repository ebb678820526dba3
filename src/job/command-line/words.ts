import type { Located, Span } from '../../text/source.js';

/** A word of a command line after the shell's quoting, with the offset in the line of each of its characters. */
export interface Word {
  readonly value: string;
  readonly span: Span;
  /** `at[i]` is the offset of `value[i]` in the line; its length is that of `value`. */
  readonly at: readonly number[];
}

export interface SplitLine {
  readonly words: readonly Word[];
  /** The redirections and operators that the user's own shell would act on, with what follows them. */
  readonly shell: readonly { readonly operator: string; readonly span: Span }[];
  /** What the user's own shell puts in before Bacalhau sees the line: `$NAME`, `${NAME}`, `$(command)`. */
  readonly expansions: readonly Located<string>[];
  /** A quote that is never closed. */
  readonly unclosed?: Span;
  /** Blanks behind a backslash at the end of a line: they make a word of one blank. */
  readonly blankAfterBackslash?: Span;
}

/** Gives a part of a word, with its place. */
export function part(word: Word, from: number, to: number = word.value.length): Located<string> {
  const first = word.at[from] ?? word.span.end;
  const last = to > from ? (word.at[to - 1] ?? first) + 1 : first;
  return { value: word.value.slice(from, to), span: { start: first, end: last } };
}

/** Gives the word of a located part, so that it can be cut further. */
export function cut(word: Word, from: number, to: number = word.value.length): Word {
  return { ...part(word, from, to), at: word.at.slice(from, to) };
}

/**
 * Splits a line as a POSIX shell does (quotes, backslashes, comments), without expanding anything. It ends at the
 * first operator that would end the command; redirections are taken out. Linear in the length of the line.
 */
export function splitLine(line: string): SplitLine {
  const words: Word[] = [];
  const shell: { operator: string; span: Span }[] = [];
  const expansions: Located<string>[] = [];
  let blankAfterBackslash: Span | undefined;
  let i = 0;
  const skipBlanks = (): void => {
    while (i < line.length) {
      if (/\s/.test(line[i] ?? '')) i++;
      else if (line[i] === '\\' && (line[i + 1] === '\n' || line.startsWith('\r\n', i + 1)))
        i += line[i + 1] === '\n' ? 2 : 3;
      else if (line[i] === '\\' && /^[ \t]+\r?\n/.test(line.slice(i + 1, i + 40))) {
        blankAfterBackslash ??= { start: i, end: i + 2 };
        return;
      } else return;
    }
  };
  for (;;) {
    skipBlanks();
    if (i >= line.length) break;
    if (line[i] === '#') {
      const newline = line.indexOf('\n', i);
      i = newline < 0 ? line.length : newline;
      continue;
    }
    const operator = /^(?:\d*(?:>>|>&|<<<|<<|<&|[<>])|&>|&&|\|\||[|;&])/.exec(line.slice(i, i + 12))?.[0];
    if (operator !== undefined) {
      shell.push({ operator, span: { start: i, end: i + operator.length } });
      i += operator.length;
      if (/^(?:&&|\|\||[|;&])$/.test(operator)) break;
      skipBlanks();
      const target = readWord(line, i);
      if (target !== undefined) i = target.end;
      continue;
    }
    const read = readWord(line, i);
    if (read === undefined) break;
    words.push(read.word);
    expansions.push(...read.expansions);
    i = read.end;
    if (read.unclosed !== undefined) return { words, shell, expansions, unclosed: read.unclosed };
  }
  return { words, shell, expansions, ...(blankAfterBackslash === undefined ? {} : { blankAfterBackslash }) };
}

interface ReadWord {
  readonly word: Word;
  readonly end: number;
  readonly expansions: readonly Located<string>[];
  readonly unclosed?: Span;
}

function readWord(line: string, start: number): ReadWord | undefined {
  let value = '';
  const at: number[] = [];
  const expansions: Located<string>[] = [];
  let i = start;
  const expand = (offset: number): void => {
    const text = /^\$(?:[A-Za-z_]\w*|\{[^}]*\}|\()/.exec(line.slice(offset, offset + 200))?.[0];
    if (text !== undefined) expansions.push({ value: text, span: { start: offset, end: offset + text.length } });
  };
  const take = (offset: number): void => {
    value += line[offset] ?? '';
    at.push(offset);
  };
  while (i < line.length) {
    const character = line[i] ?? '';
    if (/[\s;&|<>]/.test(character)) break;
    if (character === "'") {
      const close = line.indexOf("'", i + 1);
      if (close < 0) return finish(value, at, expansions, start, line.length, { start: i, end: i + 1 });
      for (let k = i + 1; k < close; k++) take(k);
      i = close + 1;
    } else if (character === '"') {
      const close = doubleQuoted(line, i, take, expand);
      if (close === undefined) return finish(value, at, expansions, start, line.length, { start: i, end: i + 1 });
      i = close;
    } else if (character === '\\') {
      if (line[i + 1] === '\n') i += 2;
      else {
        if (i + 1 < line.length) take(i + 1);
        i += 2;
      }
    } else if (character === '$' && line[i + 1] === '(') {
      expand(i);
      const close = closingBracket(line, i + 1);
      for (let k = i; k < close; k++) take(k);
      i = close;
    } else {
      expand(i);
      take(i);
      i++;
    }
  }
  return i === start ? undefined : finish(value, at, expansions, start, Math.min(i, line.length));
}

/** Takes what stands between double quotes; gives the offset behind the closing one, or undefined. */
function doubleQuoted(
  line: string,
  open: number,
  take: (offset: number) => void,
  expand: (offset: number) => void,
): number | undefined {
  for (let i = open + 1; i < line.length; i++) {
    if (line[i] === '"') return i + 1;
    if (line[i] === '\\' && /[$`"\\\n]/.test(line[i + 1] ?? '')) {
      i++;
      if (line[i] !== '\n') take(i);
    } else {
      expand(i);
      take(i);
    }
  }
  return undefined;
}

/** The offset behind the bracket that closes the one at `open`; the end of the line when none does. */
function closingBracket(line: string, open: number): number {
  let depth = 0;
  for (let i = open; i < line.length; i++) {
    if (line[i] === '(') depth++;
    if (line[i] === ')' && --depth === 0) return i + 1;
  }
  return line.length;
}

function finish(
  value: string,
  at: readonly number[],
  expansions: readonly Located<string>[],
  start: number,
  end: number,
  unclosed?: Span,
): ReadWord {
  return {
    word: { value, at, span: { start, end } },
    end,
    expansions,
    ...(unclosed === undefined ? {} : { unclosed }),
  };
}

/** Quotes a word for a POSIX shell, only when it needs it. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
