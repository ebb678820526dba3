/** A text that was handed to us, with what it takes to turn offsets into lines and columns. */
export interface SourceText {
  /** As the user typed it, `-` for standard input, `<command>` for a command line, the reference for an image. */
  readonly path: string;
  readonly text: string;
  /** Offset of the first character of each line; the first is always 0. */
  readonly lineStarts: readonly number[];
  /** Number of the first line, when the text is a part of a file; else 1. */
  readonly firstLine: number;
}

/** A range of UTF-16 code units in a source text: `start` inclusive, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A span and, in structured documents, the JSON pointer of the value that lies there (RFC 6901). */
export interface Place {
  readonly span: Span;
  readonly pointer?: string;
  /** The text that it lies in, when that is not the text of the subject: a Dockerfile behind a job's image, a script. */
  readonly file?: SourceText;
}

/** A value that was read from a text, with the place where it stands. */
export interface Located<T> extends Place {
  readonly value: T;
}

/** A place in lines and columns, both counted from 1; columns in UTF-16 code units, as editors and SARIF count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Takes a path and its text; a line ends at LF, CRLF or a lone CR, as in YAML 1.2 section 5.4. */
export function sourceText(path: string, text: string, firstLine = 1): SourceText {
  const lineStarts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) lineStarts.push(i + 1);
  }
  return { path, text, lineStarts, firstLine };
}

/** Gives the line and column of an offset; an offset outside the text is moved to its nearest end. */
export function positionAt(source: SourceText, offset: number): Position {
  const at = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + source.firstLine, column: at - (source.lineStarts[low] ?? 0) + 1 };
}

/** Gives the text of a line (by its number) without its line end; empty for a line that is not there. */
export function lineText(source: SourceText, line: number): string {
  const index = line - source.firstLine;
  const start = source.lineStarts[index];
  if (start === undefined) return '';
  const end = source.lineStarts[index + 1] ?? source.text.length;
  return source.text.slice(start, end).replace(/[\r\n]+$/, '');
}
