const LONGEST_TAG = 128;

/**
 * Proposes a tag for the next build of an image: `1.4` gives `1.5`, `v1.2.3` gives `v1.2.4`, `rc-9` gives `rc-10`.
 * A word or a date cannot be counted up without a new meaning, so it gets a number: `stable` gives `stable-2`.
 * The same tag always gives the same answer; whether the registry has it already is not looked at.
 *
 * @param tag the tag now in use; absent means `latest`
 */
export function newTag(tag = 'latest'): string {
  const { head, digits } = splitNumber(tag);
  const counts = digits !== '' && (isVersion(head) || head.endsWith('-')) && !beginsWithYear(tag);
  const next = counts ? head + String(BigInt(digits) + 1n).padStart(digits.length, '0') : `${tag}-2`;
  return next.length <= LONGEST_TAG ? next : `${tag.slice(0, LONGEST_TAG - 2)}-2`;
}

function splitNumber(tag: string): { head: string; digits: string } {
  let start = tag.length;
  while (start > 0 && isDigit(tag[start - 1])) start--;
  return { head: tag.slice(0, start), digits: tag.slice(start) };
}

/** Whether the text before the last number is that of a version: `v`, `1.`, `v1.2.`, or nothing. */
function isVersion(head: string): boolean {
  return /^v?(\d+\.)*$/.test(head);
}

function beginsWithYear(tag: string): boolean {
  return /^v?(19|20)\d\d/.test(tag);
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}
