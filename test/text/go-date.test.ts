import { describe, expect, test } from '@jest/globals';
import { goDate, isGoLayout } from '../../src/text/go-date/go-date.js';

/** What Go 1.26 gave for `time.Parse(layout, text)` and then `Format(layout)`, with TZ=UTC. */
const RECORDED: readonly (readonly [layout: string, text: string, written: string | undefined])[] = [
  ['2006-01-02', '2024-02-29', '2024-02-29'],
  ['2006-01-02', '2023-02-29', undefined],
  ['2006-01-02', '2024-1-02', undefined],
  ['20060102', '20240305', '20240305'],
  ['2006/1/2', '2024/3/5', '2024/3/5'],
  ['2006/1/2', '2024/03/05', '2024/3/5'],
  ['02 Jan 06', '05 mar 24', '05 Mar 24'],
  ['02 Jan 06', '05 Mar 70', '05 Mar 70'],
  ['Jan _2 2006', 'Mar  5 2024', 'Mar  5 2024'],
  ['January 2', 'MAY 9', 'May 9'],
  ['Monday 2006-01-02', 'Monday 2024-03-05', 'Tuesday 2024-03-05'],
  ['Mon', 'Fri', 'Sat'],
  ['2006-002', '2024-060', '2024-060'],
  ['2006-002', '2023-366', undefined],
  ['2006 __2', '2024   7', '2024   7'],
  ['2006-002-01', '2024-060-03', undefined],
  ['2006-01-02T15:04:05Z07:00', '2024-03-05T01:02:03+05:30', '2024-03-05T01:02:03+05:30'],
  ['2006-01-02T15:04:05Z07:00', '2024-03-05T01:02:03Z', '2024-03-05T01:02:03Z'],
  ['15:04:05 -0700', '01:02:03 +0000', '01:02:03 +0000'],
  ['15:04 -07', '01:02 -08', '01:02 -08'],
  ['-070000', '+010203', '+010203'],
  ['3:04PM', '12:05AM', '12:05AM'],
  ['3:04pm', '1:05pm', '1:05pm'],
  ['3:04PM', '13:05PM', undefined],
  ['03h', '11h', '11h'],
  ['15:04:05', '24:00:00', undefined],
  ['15:04:05', '1:02:03.45', '01:02:03'],
  ['05.000', '07.123', '07.123'],
  ['05.000', '07.12', undefined],
  ['05.99', '07.120', '07.12'],
  ['05,99', '07', '07'],
  ['15:04 MST', '10:00 CET', '10:00 CET'],
  ['15:04 MST', '10:00 UTC', '10:00 UTC'],
  ['15:04 MST', '22:00 GMT+3', '01:00 GMT+3'],
  ['15:04 MST', '10:00 cet', undefined],
  ['_2006', '_2024', '_2024'],
  ['2006 01', '2024   01', '2024 01'],
  ['file-2006', 'file-2024', 'file-2024'],
  ['file-2006', 'File-2024', undefined],
  ['2006', '2024x', undefined],
  ['no fields', 'no fields', 'no fields'],
  ['201', '201', undefined],
];

describe('dates of Go', () => {
  test.each(RECORDED)('%j reads %j', (layout, text, written) => expect(goDate(layout, text)).toBe(written));

  test.each([
    ['2006-01-02', true],
    ['2006-01-02T1', true],
    ['1504', true],
    ['0201', true],
    ['no field at all', true],
    ['201', false],
    ['12', false],
    ['22', false],
  ])('%j reads what it writes: %j', (layout, isSo) => expect(isGoLayout(layout)).toBe(isSo));

  test('a layout as long as a key can be is read, and a longer one is let be', () => {
    expect(isGoLayout(`05.${'0'.repeat(1000)}`)).toBe(false);
    expect(isGoLayout(`05.${'9'.repeat(1000)}`)).toBe(true);
    expect(isGoLayout('2'.repeat(1000))).toBe(false);
    expect(isGoLayout('2'.repeat(1_000_000))).toBe(true);
    expect(goDate('2'.repeat(1_000_000), '2')).toBeUndefined();
  });
});
