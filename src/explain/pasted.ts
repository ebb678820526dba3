/** A text without what terminals, tables, logs and chats put between its letters. */
export interface Pasted {
  readonly original: string;
  /** Lower case, without blanks, one kind of quotes. */
  readonly letters: string;
  /** For each letter its place in the original. */
  readonly places: readonly number[];
}

/** A sequence of terminals (ECMA-48), also as a JSON log writes it. */
const SEQUENCE =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[ -/]*[0-Z^-~])|\\{1,4}(?:u001b|x1b|033|e)\[[0-?]*[ -/]*[@-~]/iy;
/**
 * What else stands between letters and says nothing: controls, invisible characters and blanks; line ends and
 * backslashes of JSON strings; borders of tables, branches of trees, and the marks of quoted and commented lines. No
 * more backslashes at once than four deep JSON has, so that a long row of them is not gone through again and again.
 */
const BETWEEN =
  /(?:\\{1,4}[nrt])+|[\s\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u2500-\u257f\\|>#]/y;

const QUOTES = new Set(['"', '`', '\u2018', '\u2019', '\u201a', '\u201c', '\u201d', '\u201e', '\u00b4']);

/** All sequences of terminals in a text, to take them out of it. */
export const TERMINAL_SEQUENCES = new RegExp(SEQUENCE.source, 'gi');

/** Takes a text apart, in time that grows with its length alone. */
export function pasted(original: string): Pasted {
  const letters: string[] = [];
  const places: number[] = [];
  for (let at = 0; at < original.length;) {
    const next = endOf(SEQUENCE, original, at) ?? endOf(BETWEEN, original, at);
    if (next !== undefined) {
      at = next;
      continue;
    }
    const letter = (original[at] ?? '').toLowerCase();
    // `İ` and its like have two letters in lower case, which would move all places behind it
    letters.push(QUOTES.has(letter) ? "'" : letter.length === 1 ? letter : '?');
    places.push(at);
    at++;
  }
  return { original, letters: letters.join(''), places };
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
