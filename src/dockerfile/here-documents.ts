import type { Span } from '../text/source.js';
import { spanInFile, type JoinedText } from './joined-text.js';

/** A here-document that an instruction opens: `<<EOF`, `<<-"EOF"`. */
export interface HereOpening {
  /** The word that ends it, without quotes. */
  readonly name: string;
  /** Whether tabs before the lines and the end word are taken off (`<<-`). */
  readonly tabsOff: boolean;
  readonly span: Span;
}

/** A here-document with the lines between its opening and its end word. */
export interface HereDocument extends HereOpening {
  /** Range of the lines in the file, without the line of the end word. */
  readonly content: Span;
}

const OPENING = /^\d*<<(-?)[ \t]*([^<]+)$/;

/**
 * Finds the here-documents that a logical line opens, as BuildKit does (`heredocsFromLine`): each is a shell word of
 * its own, so that `1<<2` inside another word and text in quotes are none.
 */
export function hereOpenings(line: JoinedText): HereOpening[] {
  if (!line.text.includes('<<')) return [];
  return shellWords(line.text).flatMap(({ start, end }) => {
    const [, dash, word] = OPENING.exec(line.text.slice(start, end)) ?? [];
    const name = word?.replace(/["'\\]/g, '') ?? '';
    return name === '' ? [] : [{ name, tabsOff: dash === '-', span: spanInFile(line, start, end) }];
  });
}

/** Whether a line of the file ends a here-document. */
export function endsHere({ name, tabsOff }: HereOpening, line: string): boolean {
  return (tabsOff ? line.replace(/^\t+/, '') : line) === name;
}

/** Words between blanks; quotes and backslashes keep blanks together, and `<< EOF` is one. None when a quote stays open. */
function shellWords(text: string): Span[] {
  const words: Span[] = [];
  let start = -1;
  let quote = '';
  let afterOperator = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const isBlank = quote === '' && (char === ' ' || char === '\t');
    if (!isBlank) {
      if (start === -1) start = i;
      afterOperator = char === '<' ? text.charAt(i - 1) === '<' : char === '-' && afterOperator;
    } else if (start !== -1 && !afterOperator) {
      words.push({ start, end: i });
      start = -1;
    }
    if (char === '\\' && quote !== "'") i++;
    else if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
  }
  if (quote !== '') return [];
  if (start !== -1) words.push({ start, end: text.length });
  return words;
}
