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
    const reason = reasonOf(text);
    return reason === undefined ? { kind: 'text' } : { kind: 'broken', reason };
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

/**
 * Why a text in brackets is no JSON; undefined when it does not look like a list at all, as `[ -f a ] && b`, which is
 * a test for the shell.
 */
function reasonOf(text: string): BrokenReason | undefined {
  const close = closingBracket(text);
  if (close === undefined) return text.startsWith('["') ? 'not-json' : undefined;
  const [list, tail] = [text.slice(0, close + 1), text.slice(close + 1).trim()];
  if (tail !== '' && isJson(list)) return 'trailing-text';
  if (tail !== '' && !tail.startsWith('#')) return undefined;
  if (isJson(list.replaceAll("'", '"'))) return 'single-quotes';
  if (isJson(withoutTrailingComma(list))) return 'trailing-comma';
  return /^\[\s*["']/.test(list) ? 'not-json' : undefined;
}

function withoutTrailingComma(list: string): string {
  const inner = list.slice(0, -1).trimEnd();
  return inner.endsWith(',') ? `${inner.slice(0, -1)}]` : list;
}

/** A list that was meant, as JSON, and the comment behind it. */
export interface MeantList {
  readonly list: string;
  /** With its `#`; empty when there is none. */
  readonly comment: string;
}

/** The list that was meant, where that is plain: a comment after it, and single quotes, are mistakes. */
export function meantList(text: string): MeantList | undefined {
  const close = closingBracket(text);
  if (close === undefined) return undefined;
  const comment = text.slice(close + 1).trim();
  if (comment !== '' && !comment.startsWith('#')) return undefined;
  const list = text.slice(0, close + 1);
  for (const candidate of [list, withoutTrailingComma(list), withoutTrailingComma(list).replaceAll("'", '"')]) {
    if (isJson(candidate)) return { list: candidate, comment };
  }
  return undefined;
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
