import { lineText, positionAt, type SourceText, type Span } from '../text/source.js';
import { maskAddresses } from '../text/web-address.js';
import { escapeForTerminal } from './escape.js';
import { displayWidth } from './width.js';

/** A source line, cut to what fits, with a row of carets under the span. */
export interface Excerpt {
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly carets: string;
}

/**
 * Gives the line in which a span begins, with stars for `secrets` and for passwords and
 * signatures in web addresses, at most `columns` wide: a longer line is cut around the span and shows `…`. A span over
 * several lines is underlined to the end of its first line.
 */
export function excerpt(source: SourceText, span: Span, columns: number, secrets: readonly Span[] = []): Excerpt {
  const { line, column } = positionAt(source, span.start);
  const raw = maskAddresses(masked(lineText(source, line), span.start - column + 1, secrets));
  const from = Math.min(column - 1, raw.length);
  const to = Math.max(from, Math.min(from + (span.end - span.start), raw.length));
  const window = cut(raw, from, to, columns);
  const before = window.lead + escapeForTerminal(raw.slice(window.start, from));
  const marked = escapeForTerminal(raw.slice(from, Math.min(to, window.end)));
  const after = escapeForTerminal(raw.slice(Math.min(to, window.end), window.end)) + window.tail;
  return {
    line,
    column,
    text: before + marked + after,
    carets: ' '.repeat(displayWidth(before)) + '^'.repeat(Math.max(1, displayWidth(marked))),
  };
}

/** The line that begins at an offset of the text, with stars for the secrets in it. */
function masked(line: string, offset: number, secrets: readonly Span[]): string {
  let text = line;
  for (const { start, end } of secrets) {
    const [from, to] = [Math.max(0, start - offset), Math.min(line.length, end - offset)];
    if (from < to) text = text.slice(0, from) + '*'.repeat(to - from) + text.slice(to);
  }
  return text;
}

interface Window {
  readonly start: number;
  readonly end: number;
  readonly lead: string;
  readonly tail: string;
}

/** How much of the line is kept in front of a span that does not fit at its place. */
const CONTEXT = 16;

function cut(raw: string, from: number, to: number, columns: number): Window {
  if (raw.length <= columns) return { start: 0, end: raw.length, lead: '', tail: '' };
  const start = to < columns ? 0 : Math.max(0, from - CONTEXT);
  const room = columns - (start > 0 ? 1 : 0);
  const cutTail = raw.length - start > room;
  const end = cutTail ? start + room - 1 : raw.length;
  return { start, end, lead: start > 0 ? '…' : '', tail: cutTail ? '…' : '' };
}
