import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { downloadOf, looksLikeFile, s3Fetch } from '../../src/job/input-name.js';

describe('downloadOf', () => {
  test.each([
    ['https://example.org/data/a.csv', 'example.org', 'a.csv', false],
    ['HTTP://user:pw@H.example:8080/a%20b.csv?v=2#x', 'h.example:8080', 'a b.csv', false],
    ['https://example.org/dir/', 'example.org', 'dir', true],
    ['https://example.org/', 'example.org', undefined, true],
    ['https://example.org/100%25?q=100%', 'example.org', '100%', false],
  ])('%s', (url, host, name, folder) => {
    expect(downloadOf(url)).toEqual({ kind: 'file', host, folder, ...(name === undefined ? {} : { name }) });
  });

  test.each([
    ['https://example.org', 'no-path'],
    ['https://example.org?file=a.csv', 'no-path'],
    ['https:///a.csv', 'no-host'],
    ['ftp://example.org/a.csv', 'scheme'],
    ['s3://bucket/a.csv', 'scheme'],
    ['example.org/a.csv', 'not-a-url'],
    ['/data/a.csv', 'not-a-url'],
    ['https://example.org/100%', 'malformed'],
    ['https://exa mple.org/a', 'malformed'],
    ['https://example.org:http/a', 'malformed'],
    ['https://example.org/a\nb', 'malformed'],
  ])('refuses %s', (url, why) => {
    expect(downloadOf(url)).toMatchObject({ kind: 'bad', why });
  });

  test('never throws, and a name never holds a slash', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string()), (url) => {
        const download = downloadOf(url);
        if (download.kind === 'file') expect(download.name ?? '').not.toContain('/');
      }),
    );
  });
});

test.each([
  ['', { kind: 'bucket' }],
  ['*', { kind: 'bucket' }],
  ['a/b/c.csv', { kind: 'object', name: 'c.csv' }],
  ['a/b', { kind: 'object', name: 'b' }],
  ['a/b/', { kind: 'prefix', prefix: 'a/b/' }],
  ['a/b*', { kind: 'prefix', prefix: 'a/b' }],
  ['a/*.csv', { kind: 'object', name: '*.csv' }],
])('s3Fetch(%j)', (key, fetch) => {
  expect(s3Fetch(key)).toEqual(fetch);
});

describe('looksLikeFile', () => {
  test.each(['/data/a.csv', 'a.tar.gz', '/inputs/model.h5', '/query.sql', 'Makefile'])('%s', (path) => {
    expect(looksLikeFile(path)).toBe(true);
  });
  test.each(['/data', '/inputs/v1.2', '/etc/conf.d', '/data/.cache', 'logs/2024.01.02', '/'])('not %s', (path) => {
    expect(looksLikeFile(path)).toBe(false);
  });
});
