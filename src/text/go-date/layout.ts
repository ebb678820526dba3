/** A moment as a layout sees it: fields of the clock on the wall, in a zone. */
export interface Moment {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  /** Name of the zone; empty when it is only known by its offset. */
  readonly zone: string;
}

/** A piece of a layout, as it stands there. */
export type Part = { readonly literal: string } | { readonly field: string };

/** What stands for a field in a layout. Of those that begin alike, the first that fits is meant. */
const FIELD =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm|[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07|[.,](?:0+|9+)(?!\d)/g;

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export function shortName(name: string): string {
  return name.slice(0, 3);
}

/** Takes a layout apart. */
export function partsOf(layout: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const { 0: field, index } of layout.matchAll(FIELD)) {
    if (index > at) parts.push({ literal: layout.slice(at, index) });
    parts.push({ field });
    at = index + field.length;
  }
  if (at < layout.length) parts.push({ literal: layout.slice(at) });
  return parts;
}

/** Whether a field stands for parts of a second. */
export function isFraction(field: string): boolean {
  return field.startsWith('.') || field.startsWith(',');
}

/** A day as JavaScript has it; years below 100 are taken as they are, which `Date.UTC` does not. */
export function utc(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date;
}
