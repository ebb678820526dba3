import { describe, expect, test } from '@jest/globals';
import { unfilledPart, whyUnfilled } from '../../src/job/unfilled.js';

describe('unfilledPart', () => {
  test.each([
    ['{{.cid}}', 'template', '{{.cid}}', 0],
    ['https://h/$DATE/a', 'variable', '$DATE', 10],
    ['${BUCKET}/x', 'variable', '${BUCKET}', 0],
    ['$(date)', 'variable', '$(date)', 0],
    ['%name%', 'variable', '%name%', 0],
    ['s3-<bucket>', 'placeholder', '<bucket>', 3],
    ['Qm...', 'placeholder', '...', 2],
    ['https://h/.../a.csv', 'placeholder', '...', 10],
    ['YOUR_BUCKET', 'placeholder', 'YOUR_BUCKET', 0],
    ['your-s3-bucket', 'placeholder', 'your-s3-bucket', 0],
    ['replace-with-your-bucket/a', 'placeholder', 'your-bucket', 13],
    ['QmXXXX', undefined, undefined, undefined],
    ['XXXXXX', 'placeholder', 'XXXXXX', 0],
  ])('%s', (value, kind, text, start) => {
    expect(unfilledPart(value)).toEqual(kind === undefined ? undefined : { kind, text, start });
  });

  test.each([
    'https://h/a%20b%C3%A4.csv',
    'https://h/%C3abc%20d',
    'https://github.com/o/r/compare/a...b.zip',
    'my-bucket',
    'know-your-customer',
    'logs/{date}/{jobID}',
    'price$',
    'a/../b',
  ])('nothing to fill in: %s', (value) => {
    expect(unfilledPart(value)).toBeUndefined();
  });

  test('linear in hostile values', () => {
    for (const hostile of ['<', '{{', '${', '%a', 'your-', '...', '$(']) {
      expect(unfilledPart(hostile.repeat(100_000))?.text.length ?? 0).toBeGreaterThanOrEqual(0);
    }
  });
});

test('whyUnfilled ends a sentence', () => {
  expect(whyUnfilled({ kind: 'variable', text: '$A', start: 0 })).toBe('Bacalhau does not expand $A here');
  expect(whyUnfilled({ kind: 'placeholder', text: '<a>', start: 0 })).toBe('<a> was left to fill in');
});
