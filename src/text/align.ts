import type { SourceText, Span } from './source.js';

/** Gives the range in the file for a range of a value. */
export type ValueToFile = (start: number, end: number) => Span;

/**
 * Finds the way back from a value to the text it was read from: `span` covers the scalar (YAML, JSON, a quoted shell
 * word), `value` is what it means. White space may be folded, quotes and backslashes may be escapes. When value and
 * text cannot be laid side by side (`\x41`), every range becomes the whole span. Linear time.
 */
export function valueToFile(source: SourceText, span: Span, value: string): ValueToFile {
  const raw = source.text.slice(span.start, span.end);
  const verbatim = raw.indexOf(value);
  if (verbatim !== -1) {
    const base = span.start + verbatim;
    return (start, end) => ({ start: base + start, end: base + end });
  }
  const offsets = align(raw, value);
  if (offsets === undefined) return () => span;
  return (start, end) => {
    const from = offsets[start] ?? raw.length;
    const to = end > start ? (offsets[end - 1] ?? raw.length - 1) + 1 : from;
    return { start: span.start + from, end: span.start + to };
  };
}

/** What stands before the text of a YAML block scalar (YAML 1.2, section 8.1.1). */
const BLOCK_HEADER = /^[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?\r?\n/;

/** For each character of the value its offset in the raw text; undefined when the two do not fit. */
function align(raw: string, value: string): Uint32Array | undefined {
  const offsets = new Uint32Array(value.length);
  let at = BLOCK_HEADER.exec(raw)?.[0].length ?? 0;
  let i = 0;
  while (i < value.length) {
    if (raw[at] === value[i]) {
      offsets[i++] = at++;
    } else if (isBlank(value[i])) {
      // A fold, or an escape such as `\n`.
      const escape = raw[at] === '\\' && /[nrt]/.test(raw[at + 1] ?? '');
      if (!escape && isQuoting(raw[at])) {
        at++;
        continue;
      }
      if (!escape && at < raw.length && !isBlank(raw[at]) && !isBlank(raw[at - 1])) return undefined;
      offsets[i++] = Math.min(at, raw.length);
      if (escape) at += 2;
      else if (isBlank(raw[at])) at++;
    } else if (at < raw.length && (isBlank(raw[at]) || isQuoting(raw[at]))) {
      at++;
    } else {
      return undefined;
    }
  }
  return offsets;
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t';
}

function isQuoting(char: string | undefined): boolean {
  return char === '\\' || char === '"' || char === "'";
}
