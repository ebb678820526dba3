/** Languages whose calls are looked at, in script files and in texts such as that of `python -c`. */
export type Language = 'python' | 'r' | 'javascript' | 'julia';

/** A piece of code that is no comment, no number and no white space. */
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

interface Syntax {
  /** Comments that go to the end of the line, and those that have an end. */
  readonly comment: string;
  readonly block?: readonly [string, string];
  readonly quotes: string;
  /** Quotes that also come in threes, and those whose texts go over lines. */
  readonly triple: string;
  readonly overLines: string;
  /** Letters before a quote that belong to the text. */
  readonly prefix?: RegExp;
  /** What stands for a value inside a text. */
  readonly gap?: RegExp;
}

const SYNTAX: Readonly<Record<Language, Syntax>> = {
  python: {
    comment: '#',
    quotes: `"'`,
    triple: `"'`,
    overLines: '',
    prefix: /^(?:[rbuf]|rb|br|fr|rf)$/i,
    gap: /\{[^}\n]*\}?/y,
  },
  r: { comment: '#', quotes: `"'`, triple: '', overLines: `"'`, prefix: /^r$/i },
  javascript: { comment: '//', block: ['/*', '*/'], quotes: '"\'`', triple: '', overLines: '`', gap: /\$\{[^}]*\}?/y },
  julia: {
    comment: '#',
    block: ['#=', '=#'],
    quotes: '"\'`',
    triple: '"`',
    overLines: '"`',
    prefix: /^(?:r|b|raw)$/,
    gap: /\$(?:\([^)]*\)?|\w+)/y,
  },
};

const NAME = /[A-Za-z_$.][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*/y;
const BLANK = /\s+/y;
const NUMBER = /\d[\w.]*/y;
/** Words of JavaScript after which a value begins. */
const BEFORE_VALUE = /^(?:return|typeof|case|in|of|do|else|void|delete|await|yield)$/;

/** Splits code into tokens. Never throws; looks at each character a fixed number of times. */
export function codeTokens(text: string, language: Language): Token[] {
  const { quotes, prefix } = SYNTAX[language];
  const tokens: Token[] = [];
  // After a value `/` divides (ECMAScript, 12.1) and `'` transposes (Julia); elsewhere both begin something.
  let afterValue = false;
  let at = text.startsWith('#!') ? lineEnd(text, 0) : 0;
  while (at < text.length) {
    const start = at;
    const skipped = commentEnd(text, at, language) ?? match(BLANK, text, at);
    if (skipped !== undefined) {
      at = skipped;
      continue;
    }
    const char = text.charAt(at);
    const numberEnd = match(NUMBER, text, at);
    const nameEnd = match(NAME, text, at) ?? at;
    const name = text.slice(at, nameEnd);
    const isPrefix = prefix?.test(name) === true && /["']/.test(text.charAt(nameEnd));
    if (numberEnd !== undefined) {
      at = numberEnd;
      afterValue = true;
    } else if (name !== '' && !isPrefix) {
      at = nameEnd;
      tokens.push({ kind: 'name', text: name, known: true, start, end: at });
      afterValue = !BEFORE_VALUE.test(name);
    } else if (isPrefix || (quotes.includes(char) && !(language === 'julia' && char === "'" && afterValue))) {
      const { value, known, end } = readString(text, nameEnd, name.toLowerCase(), language);
      at = end;
      tokens.push({ kind: 'string', text: value, known, start, end });
      afterValue = true;
    } else if (char === '/' && language === 'javascript' && !afterValue) {
      at = regularExpressionEnd(text, at);
      afterValue = true;
    } else {
      at++;
      tokens.push({ kind: 'sign', text: char, known: true, start, end: at });
      afterValue = ')]}'.includes(char);
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
  const { comment, block: [open, close] = [] } = SYNTAX[language];
  if (open !== undefined && close !== undefined && text.startsWith(open, at)) {
    const end = text.indexOf(close, at + open.length);
    return end === -1 ? text.length : end + close.length;
  }
  return text.startsWith(comment, at) ? lineEnd(text, at) : undefined;
}

function regularExpressionEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\') i++;
    else if (char === '/' || char === '\n') return i + 1;
  }
  return text.length;
}

function readString(
  text: string,
  at: number,
  prefix: string,
  language: Language,
): { readonly value: string; readonly known: boolean; readonly end: number } {
  const syntax = SYNTAX[language];
  const quote = text.charAt(at);
  const isTriple = syntax.triple.includes(quote) && text.startsWith(quote.repeat(3), at);
  const close = isTriple ? quote.repeat(3) : quote;
  const overLines = isTriple || syntax.overLines.includes(quote);
  const isRaw = prefix.startsWith('r') || prefix.endsWith('r');
  const gap = hasGaps(language, quote, prefix) ? syntax.gap : undefined;
  const parts: string[] = [];
  let known = true;
  let i = at + close.length;
  while (i < text.length && !text.startsWith(close, i)) {
    const char = text.charAt(i);
    const gapEnd = gap === undefined ? undefined : match(gap, text, i);
    if (char === '\n' && !overLines) break;
    if (char === '\\' && !isRaw) {
      parts.push(text.charAt(i + 1) === 'n' ? '\n' : text.charAt(i + 1));
      i += 2;
    } else if (gapEnd !== undefined) {
      known = false;
      parts.push('…');
      i = gapEnd;
    } else {
      parts.push(char);
      i++;
    }
  }
  return { value: parts.join(''), known, end: Math.min(text.length, i + close.length) };
}

function hasGaps(language: Language, quote: string, prefix: string): boolean {
  if (language === 'python') return prefix.includes('f');
  return language === 'javascript' ? quote === '`' : quote !== "'" && prefix === '';
}
