import { partsOf, type Moment } from './layout.js';
import { readDate } from './read.js';
import { writeDate } from './write.js';

/** Keys of S3 have no more bytes than that; of a longer layout nothing is said, so that a hostile one takes no time. */
const MOST_CHARACTERS = 1024;

/** The moment that layouts are written with. */
const REFERENCE: Moment = {
  year: 2006,
  month: 1,
  day: 2,
  hour: 15,
  minute: 4,
  second: 5,
  nanosecond: 0,
  offset: 0,
  zone: 'UTC',
};

/**
 * Reads a text by a layout of Go's package `time` and writes what was read by the same layout, on a machine whose zone
 * is UTC (`time/format.go` of Go 1.26). A layout is the moment 2006-01-02 15:04:05 -0700, written as the dates are.
 *
 * @returns undefined when the text is no date of that layout
 */
export function goDate(layout: string, text: string): string | undefined {
  if (layout.length > MOST_CHARACTERS) return undefined;
  const parts = partsOf(layout);
  const moment = readDate(parts, text);
  return moment === undefined ? undefined : writeDate(parts, moment);
}

/** Says whether a layout can read what it writes; if not, it reads nothing (`validateDateFormat` of `pkg/s3`). */
export function isGoLayout(layout: string): boolean {
  if (layout.length > MOST_CHARACTERS) return true;
  const parts = partsOf(layout);
  return readDate(parts, writeDate(parts, REFERENCE)) !== undefined;
}

/** Says whether a layout has any part of a date or time in it; one without, such as `YYYY-MM-DD`, is plain text to Go. */
export function hasDate(layout: string): boolean {
  return partsOf(layout.slice(0, MOST_CHARACTERS)).some((part) => 'field' in part);
}
