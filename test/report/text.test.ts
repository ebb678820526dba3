import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeForTerminal } from '../../src/report/escape.js';
import { excerpt } from '../../src/report/excerpt.js';
import { displayWidth, wrap } from '../../src/report/width.js';
import { sourceText } from '../../src/text/source.js';

describe('escapeForTerminal', () => {
  test.each([
    ['\u001b[31mred', String.raw`\x1b[31mred`],
    ['a\rb\nc', String.raw`a\x0db\x0ac`],
    ['\u001b]52;c;Zm9v\u0007', String.raw`\x1b]52;c;Zm9v\x07`],
    ['\u009b2J', String.raw`\x9b2J`],
    ['safe\u202Ekcatta', String.raw`safe\u{202e}kcatta`],
    ['zero\u200Bwidth', String.raw`zero\u{200b}width`],
    ['tag\u{E0041}', String.raw`tag\u{e0041}`],
    ['tab\there', 'tab here'],
    ['grüße 日本 👍', 'grüße 日本 👍'],
  ])('%j', (text, escaped) => expect(escapeForTerminal(text)).toBe(escaped));

  test('leaves no control character of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeForTerminal(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe('wrap', () => {
  test('breaks at blanks and never loses a word', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 100 }), (text, columns) => {
        const lines = wrap(text, columns);
        expect(lines.join(' ').split(' ').filter(Boolean)).toEqual(text.split(/\s+/).filter(Boolean));
        for (const line of lines) if (line.includes(' ')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('excerpt', () => {
  test('shows nothing of a secret, wherever it stands in the line', () => {
    const source = sourceText('f', 'FROM a\nENV A=hunter22 B=x\n');
    const secret = { start: 13, end: 21 };
    expect(excerpt(source, { start: 24, end: 25 }, 60, [secret]).text).toBe('ENV A=******** B=x');
    expect(excerpt(source, secret, 60, [secret])).toMatchObject({
      text: 'ENV A=******** B=x',
      carets: '      ^^^^^^^^',
    });
  });

  test('puts the carets under the span', () => {
    const source = sourceText('f', 'a: b\nImage: acme/x:1\n');
    expect(excerpt(source, { start: 12, end: 20 }, 60)).toEqual({
      line: 2,
      column: 8,
      text: 'Image: acme/x:1',
      carets: '       ^^^^^^^^',
    });
  });

  test('counts wide and combining characters as terminals draw them', () => {
    const source = sourceText('f', '日本e\u0301: x');
    const { carets } = excerpt(source, { start: 6, end: 7 }, 60);
    expect(carets).toBe('       ^');
  });

  test('cuts a long line around the span', () => {
    const text = `${'x'.repeat(500)}HERE${'y'.repeat(500)}`;
    const shown = excerpt(sourceText('f', text), { start: 500, end: 504 }, 60);
    expect(shown.text).toContain('HERE');
    expect(shown.text.startsWith('…') && shown.text.endsWith('…')).toBe(true);
    expect(displayWidth(shown.text)).toBeLessThanOrEqual(60);
    expect(shown.text.slice(shown.carets.indexOf('^'), shown.carets.lastIndexOf('^') + 1)).toBe('HERE');
  });

  test('stays within its columns for any text and span', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.nat(300),
        fc.nat(300),
        fc.integer({ min: 20, max: 90 }),
        (text, start, length, columns) => {
          const shown = excerpt(sourceText('f', text.repeat(5)), { start, end: start + length }, columns);
          expect(shown.carets).toContain('^');
          expect(shown.text).not.toMatch(/\p{Cc}/u);
        },
      ),
    );
  });
});
