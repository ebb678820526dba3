import { CLIENT_ERRORS } from './client.js';
import type { KnownError } from './known-error.js';
import { NODE_ERRORS } from './node.js';
import { RESULT_ERRORS } from './results.js';
import { RUN_ERRORS } from './run.js';
import { SERVER_ERRORS } from './server.js';

/** Every error text that is known. */
export const KNOWN_ERRORS: readonly KnownError[] = [
  ...CLIENT_ERRORS,
  ...SERVER_ERRORS,
  ...NODE_ERRORS,
  ...RUN_ERRORS,
  ...RESULT_ERRORS,
];

/** A known error that stands in a text. */
export interface Recognised {
  readonly error: KnownError;
  /** The words that were recognised, on one line. */
  readonly quote: string;
}

/**
 * Finds the known errors in a text that was pasted from a terminal: wrapped anywhere, in columns, with borders and
 * colours. The one that says most about the cause comes first: causes before symptoms, then the longest phrase.
 */
export function recognise(text: string): Recognised[] {
  const pasted = squeeze(text);
  const found = KNOWN_ERRORS.flatMap((error) => {
    const hits = error.says.flatMap((phrase) => find(pasted, phrase));
    const best = hits.sort((a, b) => b.weight - a.weight || a.start - b.start)[0];
    return best === undefined ? [] : [{ error, ...best }];
  });
  // A phrase within another of the same kind says less: "not enough nodes" beside "… available: 0".
  const told = found.filter(
    (one) =>
      !found.some(
        (other) => other !== one && other.start <= one.start && other.end >= one.end && other.weight > one.weight,
      ),
  );
  return told
    .sort(
      (a, b) =>
        Number(a.error.isSymptom ?? false) - Number(b.error.isSymptom ?? false) ||
        b.weight - a.weight ||
        a.start - b.start,
    )
    .map(({ error, start, end }) => ({ error, quote: quoteOf(pasted, start, end) }));
}

/** A text without what terminals and tables put between its letters. */
interface Squeezed {
  readonly original: string;
  /** Lower case, without blanks. */
  readonly letters: string;
  /** For each letter its place in the original. */
  readonly places: readonly number[];
}

/** Colours and other sequences of terminals (ECMA-48), then blanks, borders of tables and branches of trees. */
const BETWEEN = /\u001b\[[0-?]*[ -/]*[@-~]|[\s\u2500-\u257f]/y;

function squeeze(original: string): Squeezed {
  const letters: string[] = [];
  const places: number[] = [];
  for (let at = 0; at < original.length;) {
    BETWEEN.lastIndex = at;
    const skipped = BETWEEN.exec(original);
    if (skipped !== null) {
      at = BETWEEN.lastIndex;
      continue;
    }
    const letter = (original[at] ?? '').toLowerCase();
    // `İ` and its like have two letters in lower case, which would move all places behind it
    letters.push(letter.length === 1 ? letter : '?');
    places.push(at);
    at++;
  }
  return { original, letters: letters.join(''), places };
}

/** Most letters that stand for `…` in a phrase. */
const GAP = 400;

interface Hit {
  readonly start: number;
  readonly end: number;
  /** Letters of the phrase itself. */
  readonly weight: number;
}

/** Looks for a phrase: its parts in order, each near the one before. */
function find({ letters }: Squeezed, phrase: string): Hit[] {
  const parts = phrase.split('…').map((part) => part.toLowerCase().replace(/\s+/g, ''));
  const [first = '', ...rest] = parts;
  const weight = parts.join('').length;
  for (let start = letters.indexOf(first); start >= 0; start = letters.indexOf(first, start + 1)) {
    let end = start + first.length;
    const fits = rest.every((part) => {
      const at = letters.slice(end, end + GAP + part.length).indexOf(part);
      if (at < 0) return false;
      end += at + part.length;
      return true;
    });
    if (fits && !isCutNumber(letters, end)) return [{ start, end, weight }];
  }
  return [];
}

/** `exit code 1` does not stand in `exit code 137`, and `available: 0` not in `available: 0.5`. */
function isCutNumber(letters: string, end: number): boolean {
  return /[0-9]/.test(letters[end - 1] ?? '') && /[0-9]/.test(letters[end] ?? '');
}

const MOST_QUOTE = 200;

/** The words as they were pasted, with the rest of their line where that is not long. */
function quoteOf({ original, places }: Squeezed, start: number, end: number): string {
  const from = places[start] ?? 0;
  const to = (places[end - 1] ?? from) + 1;
  const restOfLine = /^[^\n]*/.exec(original.slice(to))?.[0] ?? '';
  const quote = (original.slice(from, to) + restOfLine)
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]|[\u2500-\u257f]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return quote.length > MOST_QUOTE ? `${quote.slice(0, MOST_QUOTE - 1)}…` : quote;
}
