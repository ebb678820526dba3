import type { SourceText, Span } from './source.js';

/** Gives the index of the line that an offset lies on, from 0. Logarithmic time. */
export function lineIndexAt({ lineStarts }: SourceText, offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Gives the offset of the first character of a line, behind a byte order mark. */
export function lineStart({ text, lineStarts }: SourceText, index: number): number {
  const start = lineStarts[index] ?? text.length;
  return start === 0 && text.startsWith('\ufeff') ? 1 : start;
}

/** Gives the offset behind the last character of a line, before its line end. */
export function lineEnd({ text, lineStarts }: SourceText, index: number): number {
  const next = lineStarts[index + 1];
  if (next === undefined) return text.length;
  return text.startsWith('\r\n', next - 2) ? next - 2 : next - 1;
}

/** Gives a line without its line end. */
export function lineAt(source: SourceText, index: number): string {
  return source.text.slice(lineStart(source, index), lineEnd(source, index));
}

/** Gives the line end that a text uses. */
export function lineBreakOf({ text, lineStarts }: SourceText): string {
  const second = lineStarts[1];
  if (second === undefined) return '\n';
  if (text.startsWith('\r\n', second - 2)) return '\r\n';
  return text[second - 1] ?? '\n';
}

/** Gives the range of lines with the line break before them, so that the end of a file stays as it is. */
export function wholeLines(source: SourceText, first: number, last: number): Span {
  if (first > 0) return { start: lineEnd(source, first - 1), end: lineEnd(source, last) };
  return { start: lineStart(source, 0), end: source.lineStarts[last + 1] ?? source.text.length };
}
