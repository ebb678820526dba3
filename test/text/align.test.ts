import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDocument, isScalar } from 'yaml';
import { valueToFile } from '../../src/text/align.js';
import { sourceText } from '../../src/text/source.js';

/** Finds the word in the value, and gives the text that lies at its place in the file. */
function found(yaml: string, word: string): string {
  const scalar = parseDocument(yaml).contents;
  if (!isScalar(scalar) || typeof scalar.value !== 'string') throw new Error('no scalar');
  const source = sourceText('a.yaml', yaml);
  const start = scalar.value.indexOf(word);
  const { start: from, end } = valueToFile(
    source,
    { start: scalar.range[0], end: scalar.range[1] },
    scalar.value,
  )(start, start + word.length);
  return yaml.slice(from, end);
}

describe('valueToFile', () => {
  test.each([
    ['plain', 'curl https://example.org/a -o /outputs/b', '/outputs/b'],
    ['single quotes', `'curl ''x'' -o /outputs/b'`, '/outputs/b'],
    ['double quotes', `"echo \\"x\\" && cat /inputs/a\\n cat /outputs/b"`, '/outputs/b'],
    ['literal block', '|\n  cat /inputs/a\n  cat /outputs/b > /outputs/c\n', '/outputs/b'],
    ['folded block', '>-\n  cat /inputs/a\n  && cat /outputs/b\n', '/outputs/b'],
    ['folded block with a blank line', '>\n  cat /inputs/a\n\n  cat /outputs/b\n', '/outputs/b'],
    ['plain over two lines', 'cat /inputs/a\n  && cat /outputs/b', '/outputs/b'],
    ['CRLF', '|\r\n  cat /inputs/a\r\n  cat /outputs/b\r\n', '/outputs/b'],
  ])('%s', (_name, yaml, word) => {
    expect(found(yaml, word)).toBe(word);
  });

  test.each([
    ['"cat \\x2fa b"', '/a', '\\x2fa'],
    ['"cat \\u00e9 /b\\u0021 c"', '/b!', '/b\\u0021'],
    ['"\\ud83d\\ude00 /b"', '/b', '/b'],
    ['"\\U0001F600x /b"', '\u{1f600}x', '\\U0001F600x'],
  ])('escapes with numbers in %s', (yaml, word, expected) => {
    expect(found(yaml, word)).toBe(expected);
  });

  test('gives the whole span when value and text do not fit', () => {
    expect(found('"cat \\_a b"', 'a b')).toBe('"cat \\_a b"');
  });

  test('stays inside the span for any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(20), fc.nat(20), (raw, value, start, length) => {
        const place = valueToFile(sourceText('a', raw), { start: 0, end: raw.length }, value);
        const from = Math.min(start, value.length);
        const span = place(from, Math.min(from + length, value.length));
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.end).toBeLessThanOrEqual(raw.length);
        expect(span.end).toBeGreaterThanOrEqual(span.start);
      }),
    );
  });
});
