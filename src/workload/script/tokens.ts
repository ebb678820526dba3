/** Languages whose scripts are looked into. */
export type Language = 'python' | 'r' | 'node';

/** A piece of a script that is no comment and no white space. */
export interface Token {
  /** `name`: an identifier with its dots, `os.environ`. `sign`: one character of anything else. */
  readonly kind: 'name' | 'string' | 'sign';
  /** Of a string what it means, of one with gaps (`f"…{x}"`) what is known, with `…` in the gaps. */
  readonly text: string;
  /** False for strings with gaps. */
  readonly known: boolean;
  readonly start: number;
  readonly end: number;
}

const NAME = /[A-Za-z_$.][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*/y;
const BLANK = /\s+/y;
const NUMBER = /\d[\w.]*/y;
const PREFIX = /^(?:[rbuf]|rb|br|fr|rf)$/i;
/** After these a slash divides; after anything else it begins a regular expression (ECMAScript, 12.1). */
const BEFORE_DIVISION = /[\w)\]}$"'`]$/;

/** Splits a script into tokens. Never throws; looks at each character a fixed number of times. */
export function scriptTokens(text: string, language: Language): Token[] {
  const tokens: Token[] = [];
  const add = (kind: Token['kind'], start: number, end: number, value = text.slice(start, end), known = true): void => {
    tokens.push({ kind, text: value, known, start, end });
  };
  let at = text.startsWith('#!') ? lineEnd(text, 0) : 0;
  while (at < text.length) {
    const char = text.charAt(at);
    const comment = commentEnd(text, at, language);
    const skipped = comment ?? match(BLANK, text, at) ?? match(NUMBER, text, at);
    if (skipped !== undefined) {
      at = skipped;
      continue;
    }
    const nameEnd = match(NAME, text, at);
    const prefix = nameEnd === undefined ? '' : text.slice(at, nameEnd);
    const isPrefix = language !== 'node' && PREFIX.test(prefix) && '"\''.includes(text.charAt(nameEnd ?? 0) || ' ');
    if (nameEnd !== undefined && !isPrefix) {
      add('name', at, nameEnd);
      at = nameEnd;
    } else if (isPrefix || char === '"' || char === "'" || (char === '`' && language === 'node')) {
      const string = readString(text, at + prefix.length, prefix.toLowerCase(), language);
      add('string', at, string.end, string.value, string.known);
      at = string.end;
    } else if (char === '/' && language === 'node' && !BEFORE_DIVISION.test(tokens.at(-1)?.text ?? '')) {
      at = regularExpressionEnd(text, at);
    } else {
      add('sign', at, at + 1);
      at++;
    }
  }
  return tokens;
}

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) && pattern.lastIndex > at ? pattern.lastIndex : undefined;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function commentEnd(text: string, at: number, language: Language): number | undefined {
  if (language !== 'node') return text.charAt(at) === '#' ? lineEnd(text, at) : undefined;
  if (text.startsWith('//', at)) return lineEnd(text, at);
  if (!text.startsWith('/*', at)) return undefined;
  const end = text.indexOf('*/', at + 2);
  return end === -1 ? text.length : end + 2;
}

function regularExpressionEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\') i++;
    else if (char === '/' || char === '\n') return i + 1;
  }
  return text.length;
}

interface StringRead {
  readonly value: string;
  readonly known: boolean;
  readonly end: number;
}

function readString(text: string, at: number, prefix: string, language: Language): StringRead {
  const quote = text.charAt(at);
  const triple = language === 'python' && text.startsWith(quote.repeat(3), at);
  const close = triple ? quote.repeat(3) : quote;
  const isRaw = prefix.includes('r');
  const hasGaps = prefix.includes('f') || quote === '`';
  const overLines = triple || quote === '`' || language === 'r';
  const parts: string[] = [];
  let known = true;
  let i = at + close.length;
  for (; i < text.length && !text.startsWith(close, i); i++) {
    const char = text.charAt(i);
    if (char === '\n' && !overLines) break;
    if (char === '\\' && !isRaw) {
      parts.push(text.charAt(i + 1) === 'n' ? '\n' : text.charAt(i + 1));
      i++;
    } else if (hasGaps && char === '{') {
      known = false;
      if (parts.at(-1) === '$') parts.pop();
      parts.push('…');
      const gap = text.indexOf('}', i);
      if (gap === -1) i = text.length;
      else i = gap;
    } else parts.push(char);
  }
  return { value: parts.join(''), known, end: Math.min(text.length, i + close.length) };
}
