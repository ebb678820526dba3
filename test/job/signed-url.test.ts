import { expect, test } from '@jest/globals';
import { signedUrl } from '../../src/job/signed-url.js';

const AT = Date.parse('2024-01-02T04:04:05Z');

test.each([
  [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20240102T030405Z&X-Amz-Expires=3600&X-Amz-Signature=ab',
    'Amazon S3',
    AT,
    true,
  ],
  ['AWSAccessKeyId=AKIA&Expires=1704168245&Signature=ab', 'Amazon S3', AT, true],
  [
    'X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Date=20240102T030405Z&X-Goog-Expires=3600&X-Goog-Signature=ab',
    'Google Cloud Storage',
    AT,
    false,
  ],
  ['GoogleAccessId=me&Expires=1704168245&Signature=ab', 'Google Cloud Storage', AT, false],
  ['Expires=1704168245&Signature=ab&Key-Pair-Id=K1', 'CloudFront', AT, false],
  ['sv=2022-11-02&se=2024-01-02T04:04:05Z&sp=r&sig=ab', 'Azure Storage', AT, false],
  ['X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=soon&X-Amz-Expires=x&X-Amz-Signature=ab', 'Amazon S3', undefined, true],
])('%s', (query, by, until, oneMethod) => {
  const signed = signedUrl(`https://example.org/a.csv?${query}`);
  expect(signed).toEqual({ by, oneMethod, ...(until === undefined ? {} : { until }) });
});

test.each(['https://example.org/a.csv?Expires=1&sig=x', 'https://example.org/a.csv', 'nonsense'])(
  '%s is not signed',
  (url) => {
    expect(signedUrl(url)).toBeUndefined();
  },
);
