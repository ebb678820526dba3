import { pasted } from './pasted.js';

/** A phrase of a known error, taken apart so that it can be looked for in a pasted text. */
export interface Phrase {
  /** Its parts, without blanks, in lower case. The first has letters. */
  readonly parts: readonly Part[];
  /** Letters of the phrase itself. */
  readonly weight: number;
}

interface Part {
  readonly letters: string;
  /** How the part may follow the one before: anywhere near, or behind a number that is not 0. */
  readonly after: 'text' | 'number';
}

export interface Hit {
  readonly start: number;
  readonly end: number;
  /** How many letters speak for it. */
  readonly weight: number;
}

/** Most letters that stand for `…` in a phrase. */
const GAP = 400;

/** Takes apart what a known error says: `…` is text, `#` is a number other than 0. */
export function phraseOf(text: string): Phrase {
  const parts = [...text.matchAll(/([…#]|^)([^…#]*)/g)].map(([, mark, letters = '']): Part => ({
    letters: pasted(letters).letters,
    after: mark === '#' ? 'number' : 'text',
  }));
  return { parts, weight: parts.reduce((sum, part) => sum + part.letters.length, 0) };
}

/** Gives the first place where a phrase stands whole: its parts in order, each near the one before. */
export function findPhrase(letters: string, { parts, weight }: Phrase): Hit | undefined {
  const [first, ...rest] = parts;
  if (first === undefined) return undefined;
  for (let start = letters.indexOf(first.letters); start >= 0; start = letters.indexOf(first.letters, start + 1)) {
    let end: number | undefined = start + first.letters.length;
    for (const part of rest) {
      end = part.after === 'number' ? behindNumber(letters, end, part.letters) : behindText(letters, end, part.letters);
      if (end === undefined) break;
    }
    if (end !== undefined && !isCutNumber(letters, end)) return { start, end, weight };
  }
  return undefined;
}

function behindText(letters: string, from: number, part: string): number | undefined {
  const at = letters.slice(from, from + GAP + part.length).indexOf(part);
  return at < 0 ? undefined : from + at + part.length;
}

const NUMBER = /0*[1-9][0-9]*(?![.0-9])/y;

function behindNumber(letters: string, from: number, part: string): number | undefined {
  NUMBER.lastIndex = from;
  if (!NUMBER.test(letters)) return undefined;
  const end = NUMBER.lastIndex;
  return letters.startsWith(part, end) ? end + part.length : undefined;
}

/** `exit code 1` does not stand in `exit code 137`, and `available: 0` not in `available: 05`. */
function isCutNumber(letters: string, end: number): boolean {
  return /[0-9]/.test(letters[end - 1] ?? '') && /[0-9]/.test(letters[end] ?? '');
}

/** Fewest letters of a phrase that a cut text must show for the phrase to be known by them. */
const FEWEST_LETTERS = 16;

/** Gives the first place where a phrase begins and the text is cut: `this node does not support the avail…`. */
export function findCutPhrase(letters: string, { parts }: Phrase): Hit | undefined {
  const phrase = parts[0]?.letters ?? '';
  const head = phrase.slice(0, FEWEST_LETTERS);
  if (head.length < FEWEST_LETTERS) return undefined;
  for (let start = letters.indexOf(head); start >= 0; start = letters.indexOf(head, start + 1)) {
    let length = head.length;
    while (length < phrase.length && letters[start + length] === phrase[length]) length++;
    const isCut = letters.startsWith('…', start + length) || letters.startsWith('...', start + length);
    if (isCut) return { start, end: start + length, weight: length };
  }
  return undefined;
}
