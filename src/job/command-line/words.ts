import type { Located, Span } from '../../text/source.js';

/**
 * A word of a command line after the shell's quoting, with the offset in the line of each of its characters. Where the
 * user's own shell puts something in, the value has a stand-in such as `{{$NAME}}`: like a template variable without a
 * value, it may be anything.
 */
export interface Word {
  readonly value: string;
  /** With `$NAME` as it was written, for texts that hold more than a name or path. */
  readonly written: string;
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
  const piece = part(word, from, to);
  return { ...piece, written: piece.value, at: word.at.slice(from, to) };
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
    const operator =
      placeholderEnd(line, i) !== undefined
        ? undefined
        : /^(?:\d*(?:>>|>&|<<<|<<|<&|[<>])|&>|&&|\|\||[|;&])/.exec(line.slice(i, i + 12))?.[0];
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

/** A word that grows while it is read. */
interface Growing {
  value: string;
  written: string;
  readonly at: number[];
  readonly expansions: Located<string>[];
}

function take(word: Growing, line: string, offset: number): void {
  const character = line[offset] ?? '';
  word.value += character;
  word.written += character;
  word.at.push(offset);
}

/** Takes one character, or all that the shell puts something in for; gives the offset behind it. */
function takeExpanded(word: Growing, line: string, offset: number): number {
  const end = endOfExpansion(line, offset);
  if (end === undefined) {
    take(word, line, offset);
    return offset + 1;
  }
  const text = line.slice(offset, end);
  const name = /^\$\{?([A-Za-z_]\w*|[0-9@*#?!$-])/.exec(text)?.[1];
  const shown = name === undefined ? '$(…)' : `$${name}`;
  const standIn = `{{${shown}}}`;
  word.value += standIn;
  word.written += text;
  for (let i = 1; i < standIn.length; i++) word.at.push(offset);
  word.at.push(end - 1);
  word.expansions.push({ value: shown, span: { start: offset, end } });
  return end;
}

function readWord(line: string, start: number): ReadWord | undefined {
  const word: Growing = { value: '', written: '', at: [], expansions: [] };
  let i = start;
  while (i < line.length) {
    const character = line[i] ?? '';
    const filled = character === '<' ? placeholderEnd(line, i) : undefined;
    if (filled !== undefined) {
      for (; i < filled; i++) take(word, line, i);
      continue;
    }
    if (/[\s;&|<>]/.test(character)) break;
    if (character === "'") {
      const close = line.indexOf("'", i + 1);
      if (close < 0) return finish(word, start, line.length, { start: i, end: i + 1 });
      for (let k = i + 1; k < close; k++) take(word, line, k);
      i = close + 1;
    } else if (character === '"') {
      const close = doubleQuoted(word, line, i);
      if (close === undefined) return finish(word, start, line.length, { start: i, end: i + 1 });
      i = close;
    } else if (character === '\\') {
      if (line[i + 1] === '\n') i += 2;
      else if (line.startsWith('\r\n', i + 1)) i += 3;
      else {
        if (i + 1 < line.length) take(word, line, i + 1);
        i += 2;
      }
    } else {
      i = takeExpanded(word, line, i);
    }
  }
  return i === start ? undefined : finish(word, start, Math.min(i, line.length));
}

/**
 * The offset behind a placeholder of an example, `<path>` or `<your command>`, that begins at an offset. To a shell it is
 * two redirections, but nobody who writes it means them.
 */
function placeholderEnd(line: string, offset: number): number | undefined {
  if (line[offset] !== '<') return undefined;
  const text = /^<[A-Za-z][\w.:-]*(?:[ /|][\w.:-]+)*>(?![\w$])/.exec(line.slice(offset, offset + 80))?.[0];
  return text === undefined ? undefined : offset + text.length;
}

/** Takes what stands between double quotes; gives the offset behind the closing one, or undefined. */
function doubleQuoted(word: Growing, line: string, open: number): number | undefined {
  for (let i = open + 1; i < line.length;) {
    if (line[i] === '"') return i + 1;
    if (line[i] === '\\' && /[$`"\\\n]/.test(line[i + 1] ?? '')) {
      if (line[i + 1] !== '\n') take(word, line, i + 1);
      i += 2;
    } else i = takeExpanded(word, line, i);
  }
  return undefined;
}

/** The offset behind `$NAME`, `${…}`, `$(…)` or a command in backticks that begins at an offset. */
function endOfExpansion(line: string, offset: number): number | undefined {
  if (line[offset] === '`') {
    const close = line.indexOf('`', offset + 1);
    return close < 0 ? undefined : close + 1;
  }
  if (line[offset] !== '$') return undefined;
  if (line[offset + 1] === '(') return closing(line, offset + 1, '(', ')');
  if (line[offset + 1] === '{') return closing(line, offset + 1, '{', '}');
  const name = /^(?:[A-Za-z_]\w*|[0-9@*#?!$-])/.exec(line.slice(offset + 1, offset + 200));
  return name === null ? undefined : offset + 1 + name[0].length;
}

/** The offset behind the bracket that closes the one at `open`; the end of the line when none does. */
function closing(line: string, open: number, opens: string, closes: string): number {
  let depth = 0;
  for (let i = open; i < line.length; i++) {
    if (line[i] === opens) depth++;
    if (line[i] === closes && --depth === 0) return i + 1;
  }
  return line.length;
}

function finish(growing: Growing, start: number, end: number, unclosed?: Span): ReadWord {
  const { value, written, at, expansions } = growing;
  return {
    word: { value, written, at, span: { start, end } },
    end,
    expansions,
    ...(unclosed === undefined ? {} : { unclosed }),
  };
}

/** Quotes a word for a POSIX shell, only when it needs it. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
