import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lineText, positionAt, sourceText } from '../../src/text/source.js';

describe('positions', () => {
  test('count lines at LF, CRLF and a lone CR', () => {
    const source = sourceText('f', 'a\r\nbc\rd\ne');
    expect(source.lineStarts).toEqual([0, 3, 6, 8]);
    expect(positionAt(source, 4)).toEqual({ line: 2, column: 2 });
    expect(lineText(source, 1)).toBe('a');
    expect(lineText(source, 2)).toBe('bc');
    expect(lineText(source, 9)).toBe('');
  });

  test('always lie inside the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -5, max: 200 }), (text, offset) => {
        const source = sourceText('f', text);
        const { line, column } = positionAt(source, offset);
        expect(line).toBeLessThanOrEqual(source.lineStarts.length);
        const start = source.lineStarts[line - 1] ?? Number.NaN;
        expect(start + column - 1).toBe(Math.max(0, Math.min(offset, text.length)));
      }),
    );
  });
});
