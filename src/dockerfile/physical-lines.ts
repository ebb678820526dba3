import type { Span } from '../text/source.js';

/** A line of the file, without its line end. */
export interface Line extends Span {
  readonly holds: 'nothing' | 'comment' | 'text';
}

/** A place between lines: `at` is the index of the line that comes next. */
export interface Cursor {
  readonly text: string;
  readonly lines: readonly Line[];
  at: number;
}

/** Gives the next line and goes on behind it; undefined at the end. */
export function next(cursor: Cursor): Line | undefined {
  const line = cursor.lines[cursor.at];
  if (line !== undefined) cursor.at++;
  return line;
}

/** BuildKit reads lines with a scanner of this size (`bufio.MaxScanTokenSize`), line end included. */
export const LONGEST_LINE = 65_535;

/**
 * Splits a text into lines as BuildKit does: LF ends a line, a CR before it belongs to the end, a byte order mark is
 * passed over. `tooLong` is the first line that Docker cannot read.
 */
export function physicalLines(text: string): { lines: readonly Line[]; tooLong?: Span } {
  const lines: Line[] = [];
  let tooLong: Span | undefined;
  for (let start = text.startsWith('\uFEFF') ? 1 : 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const raw = feed === -1 ? text.length : feed;
    const end = raw > start && text.charAt(raw - 1) === '\r' ? raw - 1 : raw;
    if (raw - start > LONGEST_LINE) tooLong ??= { start, end };
    const first = /\S/.exec(text.slice(start, end))?.[0];
    lines.push({ start, end, holds: first === undefined ? 'nothing' : first === '#' ? 'comment' : 'text' });
    start = raw + 1;
  }
  return { lines, ...(tooLong === undefined ? {} : { tooLong }) };
}
