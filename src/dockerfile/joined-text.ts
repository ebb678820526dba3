import type { Located, Span } from '../text/source.js';

/** One logical line: text from several places of a file, put together, with the way back to each place. */
export interface JoinedText {
  readonly text: string;
  /** Ascending in `at`; each says where the text from `at` on stands in the file. The first has `at` 0. */
  readonly pieces: readonly { readonly at: number; readonly from: number }[];
  /** Offset in the file just after the last character. */
  readonly end: number;
}

/** Gives the offset in the file of a character of the joined text; for its length, the end. */
export function offsetInFile(joined: JoinedText, offset: number): number {
  if (offset >= joined.text.length) return joined.end;
  let low = 0;
  let high = joined.pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((joined.pieces[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const piece = joined.pieces[low] ?? { at: 0, from: 0 };
  return piece.from + offset - piece.at;
}

/** Gives the range in the file of a part of the joined text; over a line join it covers what lies between. */
export function spanInFile(joined: JoinedText, start: number, end: number): Span {
  if (end <= start) {
    const at = offsetInFile(joined, start);
    return { start: at, end: at };
  }
  return { start: offsetInFile(joined, start), end: offsetInFile(joined, end - 1) + 1 };
}

/** Gives a part of a joined text as one of its own, without the white space at its end. */
export function partOf(joined: JoinedText, start: number, end: number): JoinedText {
  const text = joined.text.slice(start, end).trimEnd();
  const from = offsetInFile(joined, start);
  const stop = start + text.length;
  const inside = joined.pieces.filter(({ at }) => at > start && at < stop);
  return {
    text,
    pieces: [{ at: 0, from }, ...inside.map(({ at, from: place }) => ({ at: at - start, from: place }))],
    end: text === '' ? from : offsetInFile(joined, stop - 1) + 1,
  };
}

/** A word between white space, with its offsets in the joined text. */
export interface JoinedWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Splits at white space, as BuildKit does for all arguments that are no JSON and no shell text. */
export function splitWords(joined: JoinedText): JoinedWord[] {
  const words: JoinedWord[] = [];
  for (const match of joined.text.matchAll(/\S+/g)) {
    words.push({ text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return words;
}

/** Splits the leading `--name=value` words from the arguments after them. */
export function splitFlags(joined: JoinedText): { flags: readonly JoinedWord[]; rest: JoinedText } {
  const words = splitWords(joined);
  const first = words.find((word) => !word.text.startsWith('--'));
  const start = first?.start ?? joined.text.length;
  return { flags: words.filter((word) => word.start < start), rest: partOf(joined, start, joined.text.length) };
}

/** The whole of a joined text with its place. */
export function located(joined: JoinedText): Located<string> {
  return { value: joined.text, span: spanInFile(joined, 0, joined.text.length) };
}
