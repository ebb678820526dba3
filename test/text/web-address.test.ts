import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maskAddresses, shownAddress } from '../../src/text/web-address.js';

test.each([
  ['https://example.org/a.csv', 'https://example.org/a.csv'],
  ['https://me:secret@example.org/a.csv?sig=abc#x', 'https://example.org/a.csv?…'],
  ['https://example.org?sig=abc', 'https://example.org?…'],
  ['s3', 's3'],
])('%s is shown as %s', (url, shown) => {
  expect(shownAddress(url)).toBe(shown);
});

test.each([
  ['URL: "https://me:secret@h/a?v=2"', 'URL: "https://me:******@h/a?v=2"'],
  ['https://h/a?X-Amz-Signature=0a1b&v=2&sig=x%3D', 'https://h/a?X-Amz-Signature=****&v=2&sig=****'],
  ['TOKEN=abc; http://h/?token=abc" -', 'TOKEN=abc; http://h/?token=***" -'],
  ['nothing here', 'nothing here'],
])('%s is masked', (text, masked) => {
  expect(maskAddresses(text)).toBe(masked);
});

test('masking keeps the length, so that carets stay where they belong', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('https://', 'a', ':', '@', '?sig=', '&token=', '/', ' ', '"')), (parts) => {
      const text = parts.join('');
      expect(maskAddresses(text)).toHaveLength(text.length);
    }),
  );
});
