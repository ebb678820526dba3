/** Languages whose texts are looked at lightly. */
export type Language = 'python' | 'r' | 'javascript' | 'julia' | 'sql';

/** A call in a text of a programming language: its name with dots, and the first text that it is given. */
export interface CodeCall {
  readonly name: string;
  /** Undefined when its first argument is no plain text. */
  readonly text?: string;
}

/** Marks of comments that go to the end of the line. */
const COMMENT: Readonly<Record<Exclude<Language, 'sql'>, string>> = {
  python: '#',
  r: '#',
  julia: '#',
  javascript: '//',
};

/**
 * Finds the calls in a text: names before a bracket, outside of texts and comments. It knows no more of the language,
 * so that what it finds is a hint. Reads the text once, from left to right.
 */
export function codeCalls(text: string, language: Exclude<Language, 'sql'>): CodeCall[] {
  const calls: CodeCall[] = [];
  const name = /[A-Za-z_][\w.:]*/y;
  let at = 0;
  while (at < text.length) {
    const quoted = quotedAt(text, at);
    if (quoted !== undefined) {
      at = quoted.end;
    } else if (text.startsWith(COMMENT[language], at)) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else {
      name.lastIndex = at;
      const found = name.exec(text)?.[0];
      if (found === undefined) {
        at++;
        continue;
      }
      at += found.length;
      if (text[at] !== '(') continue;
      const first = firstText(text, at + 1);
      calls.push(first === undefined ? { name: found } : { name: found, text: first });
    }
  }
  return calls;
}

/** The text that stands first in the brackets of a call; blanks and the prefixes of Python's texts are passed over. */
function firstText(text: string, from: number): string | undefined {
  let at = from;
  while (at < from + 40 && /\s/.test(text[at] ?? '')) at++;
  if (/[rbuf]/i.test(text[at] ?? '') && /['"]/.test(text[at + 1] ?? '')) at++;
  return quotedAt(text, at)?.value;
}

/** A text in quotes that begins here; one that does not end goes to the end. */
function quotedAt(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  const quote = text[at];
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  const long = quote.repeat(3);
  const mark = text.startsWith(long, at) ? long : quote;
  let end = at + mark.length;
  while (end < text.length && !text.startsWith(mark, end)) end += text[end] === '\\' ? 2 : 1;
  return { value: text.slice(at + mark.length, end), end: end + mark.length };
}
