import type { Located } from '../text/source.js';
import { spanInFile, type JoinedText } from './joined-text.js';

/** What the argument of ENTRYPOINT, CMD, SHELL, VOLUME, COPY or ADD is. */
export type ExecForm =
  | { readonly kind: 'exec'; readonly words: readonly Located<string>[] }
  /** Does not begin with `[`: meant as text. */
  | { readonly kind: 'text' }
  /** Begins with `[` and is no JSON array of strings; BuildKit takes it as text. */
  | { readonly kind: 'broken'; readonly reason: BrokenReason }
  /** A JSON array with something else than strings in it; BuildKit refuses to build. */
  | { readonly kind: 'not-strings' };

export type BrokenReason = 'trailing-text' | 'single-quotes' | 'trailing-comma' | 'not-json';

/** Reads a JSON array of strings, as BuildKit does (`frontend/dockerfile/parser`, `parseJSON`). */
export function readExecForm(joined: JoinedText): ExecForm {
  const { text } = joined;
  if (!text.startsWith('[')) return { kind: 'text' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { kind: 'broken', reason: reasonOf(text) };
  }
  if (!Array.isArray(parsed) || !parsed.every((item) => typeof item === 'string')) return { kind: 'not-strings' };
  const strings = stringsIn(text);
  return {
    kind: 'exec',
    words: parsed.map((value, index) => {
      const { start, end } = strings[index] ?? { start: 0, end: text.length };
      return { value, span: spanInFile(joined, start + 1, end - 1) };
    }),
  };
}

/** Why a text in brackets is no JSON; what people most often do comes first. */
function reasonOf(text: string): BrokenReason {
  const close = closingBracket(text);
  if (close !== undefined && text.slice(close + 1).trim() !== '' && isJson(text.slice(0, close + 1))) {
    return 'trailing-text';
  }
  if (!text.includes('"') && text.includes("'")) return 'single-quotes';
  if (close !== undefined && text.slice(0, close).trimEnd().endsWith(',')) return 'trailing-comma';
  return text.includes("'") && isJson(text.replaceAll("'", '"')) ? 'single-quotes' : 'not-json';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Offset of the first `]` outside double quotes. */
function closingBracket(text: string): number | undefined {
  const strings = stringsIn(text);
  let next = 0;
  for (let i = 0; i < text.length; i++) {
    const string = strings[next];
    if (string?.start === i) {
      i = string.end - 1;
      next++;
    } else if (text[i] === ']') return i;
  }
  return undefined;
}

/** The ranges of double-quoted strings, quotes included, in order. */
function stringsIn(text: string): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  let start = -1;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (start !== -1 && char === '\\') i++;
    else if (char === '"') {
      if (start === -1) start = i;
      else {
        ranges.push({ start, end: i + 1 });
        start = -1;
      }
    }
  }
  return ranges;
}
