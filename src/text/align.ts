import type { SourceText, Span } from './source.js';

/** Gives the range in the file for a range of a value. */
export type ValueToFile = (start: number, end: number) => Span;

/**
 * Finds the way back from a value to the text it was read from: `span` covers the scalar (YAML, JSON, a quoted shell
 * word), `value` is what it means. White space may be folded, quotes and backslashes may be escapes, with numbers too
 * (`\u00e9`). When value and text cannot be laid side by side, every range becomes the whole span. Linear time.
 */
export function valueToFile(source: SourceText, span: Span, value: string): ValueToFile {
  const raw = source.text.slice(span.start, span.end);
  const verbatim = raw.indexOf(value);
  if (verbatim !== -1) {
    const base = span.start + verbatim;
    return (start, end) => ({ start: base + start, end: base + end });
  }
  const aligned = align(raw, value);
  if (aligned === undefined) return () => span;
  const { offsets, ends } = aligned;
  return (start, end) => {
    const from = offsets[start] ?? raw.length;
    const to = end > start ? (ends[end - 1] ?? raw.length) : from;
    return { start: span.start + from, end: span.start + to };
  };
}

/** What stands before the text of a YAML block scalar (YAML 1.2, section 8.1.1). */
const BLOCK_HEADER = /^[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?\r?\n/;

/** An escape with the number of a character (YAML 1.2, section 5.7; JSON). */
const NUMBERED = /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/y;

/** For each character of the value where it begins and ends in the raw text. */
interface Aligned {
  readonly offsets: Uint32Array;
  readonly ends: Uint32Array;
}

/** Lays a value beside its raw text; undefined when the two do not fit. */
function align(raw: string, value: string): Aligned | undefined {
  const offsets = new Uint32Array(value.length);
  const ends = new Uint32Array(value.length);
  let at = BLOCK_HEADER.exec(raw)?.[0].length ?? 0;
  let i = 0;
  while (i < value.length) {
    const numbered = raw[at] === '\\' ? numberedAt(raw, at) : undefined;
    if (numbered !== undefined && value.startsWith(numbered.text, i)) {
      for (const last = i + numbered.text.length; i < last; i++) {
        offsets[i] = at;
        ends[i] = at + numbered.length;
      }
      at += numbered.length;
    } else if (raw[at] === value[i]) {
      ends[i] = at + 1;
      offsets[i++] = at++;
    } else if (isBlank(value[i])) {
      // A fold, or an escape such as `\n`.
      const escape = raw[at] === '\\' && /[nrt]/.test(raw[at + 1] ?? '');
      if (!escape && isQuoting(raw[at])) {
        at++;
        continue;
      }
      if (!escape && at < raw.length && !isBlank(raw[at]) && !isBlank(raw[at - 1])) return undefined;
      ends[i] = Math.min(at + 1, raw.length);
      offsets[i++] = Math.min(at, raw.length);
      if (escape) at += 2;
      else if (isBlank(raw[at])) at++;
    } else if (at < raw.length && (isBlank(raw[at]) || isQuoting(raw[at]))) {
      at++;
    } else {
      return undefined;
    }
  }
  return { offsets, ends };
}

function numberedAt(raw: string, at: number): { readonly text: string; readonly length: number } | undefined {
  NUMBERED.lastIndex = at;
  const match = NUMBERED.exec(raw);
  const code = Number.parseInt(match?.[1] ?? match?.[2] ?? match?.[3] ?? '', 16);
  if (match === null || !(code <= 0x10ffff)) return undefined;
  return { text: String.fromCodePoint(code), length: match[0].length };
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t';
}

function isQuoting(char: string | undefined): boolean {
  return char === '\\' || char === '"' || char === "'";
}
