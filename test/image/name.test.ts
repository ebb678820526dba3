import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseImageName } from '../../src/image/name.js';

const ID = 'ab'.repeat(32);

describe('parseImageName', () => {
  test.each([
    ['ubuntu:24.04', { source: 'registry', reference: { repository: 'library/ubuntu', tag: '24.04' } }],
    ['docker://ghcr.io/o/a', { source: 'registry', reference: { registry: 'ghcr.io', repository: 'o/a' } }],
    ['docker-daemon:app:dev', { source: 'docker-daemon', reference: { repository: 'library/app', tag: 'dev' } }],
    [`docker-daemon:sha256:${ID}`, { source: 'docker-daemon', id: `sha256:${ID}` }],
    ['docker-daemon:abcdef012345', { source: 'docker-daemon', id: 'abcdef012345' }],
    ['docker-archive:a/b.tar', { source: 'docker-archive', file: 'a/b.tar' }],
    ['docker-archive:b.tar:org/app:1', { source: 'docker-archive', file: 'b.tar', tag: 'org/app:1' }],
    ['oci:dir:v1', { source: 'oci', file: 'dir', tag: 'v1' }],
    ['oci-archive:C:\\x\\b.tar:v1', { source: 'oci-archive', file: 'C:\\x\\b.tar', tag: 'v1' }],
    ['localhost:5000/app', { source: 'registry', reference: { registry: 'localhost:5000' } }],
  ])('%s', (text, expected) => {
    expect(parseImageName(text)).toMatchObject({ text, ...expected });
  });

  test('a text that is no reference has none', () => {
    expect(parseImageName('https://hub.docker.com/_/python').reference).toBeUndefined();
    expect(parseImageName('docker://docker://ubuntu').reference).toBeUndefined();
  });

  test('keeps any text as typed', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(parseImageName(text).text).toBe(text)));
  });
});
