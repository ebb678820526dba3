import { DAYS, isFraction, MONTHS, shortName, utc, type Moment, type Part } from './layout.js';

/** What was read so far; what no field said is undefined. */
interface Reading {
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  hour?: number;
  minute?: number;
  second?: number;
  nanosecond?: number;
  isAfternoon?: boolean;
  offset?: number;
  zone?: string;
  isUtc?: boolean;
}

/**
 * Reads a text by the parts of a layout (`Parse`).
 *
 * @returns undefined when the text is no date of that layout
 */
export function readDate(parts: readonly Part[], text: string): Moment | undefined {
  const reading: Reading = {};
  let rest: string | undefined = text;
  for (const [index, part] of parts.entries()) {
    rest = 'literal' in part ? pass(part.literal, rest) : readField(part.field, rest, reading, nextField(parts, index));
    if (rest === undefined) return undefined;
  }
  return rest === '' ? momentOf(reading) : undefined;
}

function nextField(parts: readonly Part[], index: number): string {
  const next = parts.slice(index + 1).find((part) => 'field' in part);
  return next !== undefined && 'field' in next ? next.field : '';
}

/** Passes over a literal; blanks of it stand for any number of blanks. */
function pass(literal: string, text: string): string | undefined {
  let rest = text;
  for (const [piece] of literal.matchAll(/ +|[^ ]+/g)) {
    if (piece.startsWith(' ')) {
      if (rest !== '' && !rest.startsWith(' ')) return undefined;
      rest = rest.replace(/^ +/, '');
    } else {
      if (!rest.startsWith(piece)) return undefined;
      rest = rest.slice(piece.length);
    }
  }
  return rest;
}

/** Takes a field from the beginning of a text; gives what follows it, or undefined when it is not there. */
function readField(field: string, text: string, reading: Reading, next: string): string | undefined {
  const number = (pattern: RegExp, least: number, most: number, put: (value: number) => void): string | undefined => {
    const [all, digits = ''] = pattern.exec(text) ?? [];
    if (all === undefined || Number(digits) < least || Number(digits) > most) return undefined;
    put(Number(digits));
    return text.slice(all.length);
  };
  switch (field) {
    case '2006':
      return number(/^(\d{4})/, 0, 9999, (value) => (reading.year = value));
    case '06':
      return number(/^([-+\d]\d)/, -9, 99, (value) => (reading.year = value >= 69 ? value + 1900 : value + 2000));
    case 'January':
      return anyCase(MONTHS, text, (index) => (reading.month = index + 1));
    case 'Jan':
      return anyCase(MONTHS.map(shortName), text, (index) => (reading.month = index + 1));
    case '1':
      return number(/^(\d\d?)/, 1, 12, (value) => (reading.month = value));
    case '01':
      return number(/^(\d\d)/, 1, 12, (value) => (reading.month = value));
    case 'Monday':
      return anyCase(DAYS, text, () => undefined);
    case 'Mon':
      return anyCase(DAYS.map(shortName), text, () => undefined);
    case '2':
      return number(/^(\d\d?)/, 0, 99, (value) => (reading.day = value));
    case '_2':
      return number(/^ ?(\d\d?)/, 0, 99, (value) => (reading.day = value));
    case '02':
      return number(/^(\d\d)/, 0, 99, (value) => (reading.day = value));
    case '__2':
      return number(/^ {0,2}(\d{1,3})/, 0, 999, (value) => (reading.dayOfYear = value));
    case '002':
      return number(/^(\d{3})/, 0, 999, (value) => (reading.dayOfYear = value));
    case '15':
      return number(/^(\d\d?)/, 0, 23, (value) => (reading.hour = value));
    case '3':
      return number(/^(\d\d?)/, 0, 12, (value) => (reading.hour = value));
    case '03':
      return number(/^(\d\d)/, 0, 12, (value) => (reading.hour = value));
    case '4':
      return number(/^(\d\d?)/, 0, 59, (value) => (reading.minute = value));
    case '04':
      return number(/^(\d\d)/, 0, 59, (value) => (reading.minute = value));
    case '5':
    case '05': {
      const rest = number(field === '5' ? /^(\d\d?)/ : /^(\d\d)/, 0, 59, (value) => (reading.second = value));
      // A fraction that the layout does not have is read all the same.
      return rest === undefined || isFraction(next) ? rest : readOpenFraction(rest, reading);
    }
    case 'PM':
    case 'pm':
      return choice(
        field === 'PM' ? ['AM', 'PM'] : ['am', 'pm'],
        text,
        (index) => (reading.isAfternoon = reading.isAfternoon === true || index === 1),
      );
    case 'MST':
      return readZoneName(text, reading);
    default:
      if (!isFraction(field)) return readOffset(field, text, reading);
      return field[1] === '9' ? readOpenFraction(text, reading) : readExactFraction(field, text, reading);
  }
}

function choice(words: readonly string[], text: string, put: (index: number) => void): string | undefined {
  const index = words.findIndex((word) => text.startsWith(word));
  if (index < 0) return undefined;
  put(index);
  return text.slice(words[index]?.length);
}

function anyCase(names: readonly string[], text: string, put: (index: number) => void): string | undefined {
  const index = names.findIndex((name) => text.slice(0, name.length).toLowerCase() === name.toLowerCase());
  if (index < 0) return undefined;
  put(index);
  return text.slice(names[index]?.length);
}

/** As many digits as the layout has. */
function readExactFraction(field: string, text: string, reading: Reading): string | undefined {
  const { length } = field;
  const found = text.slice(0, length);
  return found.length === length && isFraction(found) && !/\D/.test(found.slice(1))
    ? readFraction(found, text, reading)
    : undefined;
}

/** Any number of digits, or none and no mark. */
function readOpenFraction(text: string, reading: Reading): string {
  const [found] = /^[.,]\d+/.exec(text) ?? [];
  return found === undefined ? text : readFraction(found, text, reading);
}

function readFraction(found: string, text: string, reading: Reading): string {
  reading.nanosecond = Number(found.slice(1, 10).padEnd(9, '0'));
  return text.slice(found.length);
}

/** `+0200`, `-07:00`, or `Z` where the layout says so. */
function readOffset(field: string, text: string, reading: Reading): string | undefined {
  if (field.startsWith('Z') && text.startsWith('Z')) {
    reading.isUtc = true;
    return text.slice(1);
  }
  const pattern = field.slice(1).replace(/\d\d/g, '(\\d\\d)');
  const [all, sign, hours = '', minutes = '0', seconds = '0'] = new RegExp(`^([-+])${pattern}`).exec(text) ?? [];
  if (all === undefined || Number(hours) > 24 || Number(minutes) > 60 || Number(seconds) > 60) return undefined;
  reading.offset = (sign === '-' ? -1 : 1) * ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds));
  return text.slice(all.length);
}

/** Three letters, up to five that end in T, or an offset; Go knows no list of names either. */
function readZoneName(text: string, reading: Reading): string | undefined {
  if (text.startsWith('UTC')) {
    reading.isUtc = true;
    return text.slice(3);
  }
  const zone = zoneName(text);
  if (zone === undefined) return undefined;
  reading.zone = zone;
  return text.slice(zone.length);
}

function zoneName(text: string): string | undefined {
  const offset = (part: string): string | undefined => {
    const found = /^[-+](\d+)/.exec(part);
    return found === null || Number(found[1]) > 23 ? undefined : found[0];
  };
  if (text.startsWith('GMT')) return `GMT${offset(text.slice(3)) ?? ''}`;
  if (/^[-+]/.test(text)) return text.length < 3 ? undefined : offset(text);
  const [special] = /^(?:ChST|MeST)/.exec(text) ?? [];
  if (special !== undefined) return special;
  const [letters = ''] = /^[A-Z]{0,6}/.exec(text) ?? [];
  return /^(?:[A-Z]{3}|[A-Z]{3}T|WITA|[A-Z]{4}T)$/.test(letters) ? letters : undefined;
}

/** Joins the fields; undefined for a day that there is not. */
function momentOf(reading: Reading): Moment | undefined {
  const { year = 0, minute = 0, second = 0, nanosecond = 0 } = reading;
  const date = dateOf(year, reading);
  if (date === undefined) return undefined;
  const hour = hourOf(reading);
  const common = { year, ...date, hour, minute, second, nanosecond };
  if (reading.isUtc === true) return { ...common, offset: 0, zone: 'UTC' };
  if (reading.offset !== undefined) {
    const zone = reading.zone ?? (reading.offset === 0 ? 'UTC' : '');
    return { ...common, offset: reading.offset, zone };
  }
  const { zone } = reading;
  if (zone === undefined) return { ...common, offset: 0, zone: 'UTC' };
  // The clock of `GMT+3` is put forward by what the name says.
  const hours = zone.startsWith('GMT') ? Number(zone.slice(3)) : 0;
  return { ...shifted(common, hours), offset: hours * 3600, zone };
}

function hourOf({ hour = 0, isAfternoon }: Reading): number {
  if (isAfternoon === true && hour < 12) return hour + 12;
  return isAfternoon === false && hour === 12 ? 0 : hour;
}

function dateOf(year: number, reading: Reading): { month: number; day: number } | undefined {
  const { dayOfYear } = reading;
  if (dayOfYear === undefined) {
    const { month = 1, day = 1 } = reading;
    return day >= 1 && day <= daysIn(year, month) ? { month, day } : undefined;
  }
  if (dayOfYear < 1 || dayOfYear > (daysIn(year, 2) === 29 ? 366 : 365)) return undefined;
  const date = utc(year, 1, dayOfYear);
  const found = { month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  const agrees = (reading.month ?? found.month) === found.month && (reading.day ?? found.day) === found.day;
  return agrees ? found : undefined;
}

function shifted(moment: Omit<Moment, 'offset' | 'zone'>, hours: number): Omit<Moment, 'offset' | 'zone'> {
  const date = utc(moment.year, moment.month, moment.day);
  date.setUTCHours(moment.hour + hours);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return { ...moment, year, month, day, hour: date.getUTCHours() };
}

function daysIn(year: number, month: number): number {
  return utc(year, month + 1, 0).getUTCDate();
}
