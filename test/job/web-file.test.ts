import { expect, test } from '@jest/globals';
import { rawFileOf } from '../../src/job/web-file.js';

test.each([
  [
    'https://github.com/acme/data/blob/main/d/a.csv?plain=1#L2',
    'https://raw.githubusercontent.com/acme/data/main/d/a.csv',
  ],
  ['https://gitlab.com/acme/sub/data/-/blob/main/a.csv', 'https://gitlab.com/acme/sub/data/-/raw/main/a.csv'],
  ['https://github.com/acme/data/raw/main/a.csv', undefined],
  ['https://github.com/acme/data/releases/download/v1/a.zip', undefined],
  ['https://example.org/acme/data/blob/main/a.csv', undefined],
])('rawFileOf(%s)', (url, raw) => {
  expect(rawFileOf(url)).toBe(raw);
});
