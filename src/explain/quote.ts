import { shortened } from '../text/shortened.js';
import { TERMINAL_SEQUENCES, type Pasted } from './pasted.js';

const MOST_QUOTE = 200;

/** Gives the words of a place as they were pasted, on one line, with the rest of their line where that is not long. */
export function quoteOf({ original, places }: Pasted, start: number, end: number): string {
  const from = places[start] ?? 0;
  const to = (places[end - 1] ?? from) + 1;
  const restOfLine = /^[^\n]*/.exec(original.slice(to, to + MOST_QUOTE))?.[0] ?? '';
  const quote = (original.slice(from, to) + restOfLine)
    .replace(TERMINAL_SEQUENCES, ' ')
    .replace(DECORATION, ' ')
    .replace(/\\{1,4}(["'])/g, '$1');
  return shortened(quote, MOST_QUOTE);
}

/** Controls, invisible characters, borders of tables, marks of quoted lines, and line ends in JSON strings. */
const DECORATION =
  /\\{1,4}n|[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u2500-\u257f]|(?<=\n)[|>]|\|(?=[ \r]{0,99}(?:\n|$))/g;
