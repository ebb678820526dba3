import { DAYS, isFraction, MONTHS, shortName, utc, type Moment, type Part } from './layout.js';

/** Writes a moment by the parts of a layout (`Format`). */
export function writeDate(parts: readonly Part[], moment: Moment): string {
  return parts.map((part) => ('literal' in part ? part.literal : fieldText(part.field, moment))).join('');
}

function fieldText(field: string, moment: Moment): string {
  const { year, month, day, hour, minute, second } = moment;
  const padded = (value: number, length: number, fill = '0'): string => String(value).padStart(length, fill);
  const date = utc(year, month, day);
  const dayOfYear = (date.getTime() - utc(year, 1, 1).getTime()) / 86_400_000 + 1;
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  switch (field) {
    case '2006':
      return padded(year, 4);
    case '06':
      return padded(year % 100, 2);
    case 'January':
      return MONTHS[month - 1] ?? '';
    case 'Jan':
      return shortName(MONTHS[month - 1] ?? '');
    case '1':
      return String(month);
    case '01':
      return padded(month, 2);
    case 'Monday':
      return DAYS[date.getUTCDay()] ?? '';
    case 'Mon':
      return shortName(DAYS[date.getUTCDay()] ?? '');
    case '2':
      return String(day);
    case '_2':
      return padded(day, 2, ' ');
    case '02':
      return padded(day, 2);
    case '__2':
      return padded(dayOfYear, 3, ' ');
    case '002':
      return padded(dayOfYear, 3);
    case '15':
      return padded(hour, 2);
    case '3':
      return String(hour12);
    case '03':
      return padded(hour12, 2);
    case '4':
      return String(minute);
    case '04':
      return padded(minute, 2);
    case '5':
      return String(second);
    case '05':
      return padded(second, 2);
    case 'PM':
      return hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return hour >= 12 ? 'pm' : 'am';
    case 'MST':
      return moment.zone === '' ? offsetText('-0700', moment.offset) : moment.zone;
    default:
      return isFraction(field) ? fractionText(field, moment.nanosecond) : offsetText(field, moment.offset);
  }
}

/** `.000` always has its digits; `.999` leaves out zeros at the end, and itself when there is nothing else. */
function fractionText(field: string, nanosecond: number): string {
  const mark = field.slice(0, 1);
  const digits = String(nanosecond)
    .padStart(9, '0')
    .slice(0, field.length - 1);
  if (field[1] === '0') return `${mark}${digits}`;
  const rest = digits.replace(/0+$/, '');
  return rest === '' ? '' : `${mark}${rest}`;
}

function offsetText(field: string, offset: number): string {
  if (field.startsWith('Z') && offset === 0) return 'Z';
  const [seconds, minutes] = [Math.abs(offset) % 60, Math.floor(Math.abs(offset) / 60)];
  const values = [Math.floor(minutes / 60), minutes % 60, seconds];
  // Go decides the sign by the whole minutes.
  const sign = offset <= -60 ? '-' : '+';
  return sign + field.slice(1).replace(/\d\d/g, () => String(values.shift() ?? 0).padStart(2, '0'));
}
