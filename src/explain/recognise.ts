import { CLIENT_ERRORS } from './client.js';
import type { KnownError } from './known-error.js';
import { NODE_ERRORS } from './node.js';
import { pasted, type Pasted } from './pasted.js';
import { findCutPhrase, findPhrase, phraseOf, type Hit, type Phrase } from './phrase.js';
import { quoteOf } from './quote.js';
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
 * colours, quoted, or out of a log. The one that says most about the cause comes first: causes before symptoms, then
 * the longest phrase.
 */
export function recognise(text: string): Recognised[] {
  const paste = pasted(text);
  const whole = findAll(paste, findPhrase);
  const found = whole.length > 0 ? whole : clear(findAll(paste, findCutPhrase));
  // A phrase within another says less: "not enough nodes" beside "… available: 0".
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
    .map(({ error, start, end }) => ({ error, quote: quoteOf(paste, start, end) }));
}

interface Found extends Hit {
  readonly error: KnownError;
}

interface Phrases {
  readonly error: KnownError;
  readonly always: readonly Phrase[];
  readonly inJob: readonly Phrase[];
}

const PHRASES: readonly Phrases[] = KNOWN_ERRORS.map((error) => ({
  error,
  always: (error.says ?? []).map(phraseOf),
  inJob: (error.saysInJob ?? []).map(phraseOf),
}));

/** Gives for every known error the weightiest of its phrases that stands in a text. */
function findAll(paste: Pasted, find: (letters: string, phrase: Phrase) => Hit | undefined): readonly Found[] {
  const { letters } = paste;
  const isOfJob = isOfBacalhau(paste);
  return PHRASES.flatMap(({ error, always, inJob }) => {
    const hits = [...always, ...(isOfJob ? inJob : [])].flatMap((phrase) => find(letters, phrase) ?? []);
    const best = hits.sort((a, b) => b.weight - a.weight || a.start - b.start)[0];
    return best === undefined ? [] : [{ error, ...best }];
  });
}

/** Ids of nodes, and words that only Bacalhau's own output has. */
const SIGNS_OF_BACALHAU =
  /bacalhau|node(?:n-[0-9a-f]|qm[0-9a-z]{6})|[0-9]of[0-9]+nodes:|exec\.id|runoutput|jobresultsbynode|bidrejected/;

/** Ids of jobs and executions, and states: signs only where a word begins, not in `image-20240101` or `ActiveState=`. */
const SIGNS_AT_WORDS = /[ej]-[0-9a-f]{8}|state=(?:completed|failed|pending|running)/g;

function isOfBacalhau({ letters, places }: Pasted): boolean {
  const beginsWord = (at: number): boolean =>
    (places[at - 1] ?? -2) < (places[at] ?? 0) - 1 || !/[\p{L}\p{N}_-]/u.test(letters[at - 1] ?? '');
  return (
    SIGNS_OF_BACALHAU.test(letters) || [...letters.matchAll(SIGNS_AT_WORDS)].some(({ index }) => beginsWord(index))
  );
}

/** What is cut before two errors differ may be either: then nothing is known of it. */
function clear(found: readonly Found[]): readonly Found[] {
  return found.filter(
    (one) => !found.some((other) => other !== one && other.start === one.start && other.weight >= one.weight),
  );
}
