import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCid } from '../../src/job/cid.js';

const V0 = 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWNPBdG';
const V1 = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';
const IPNS = 'k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8';

describe('readCid', () => {
  test.each([V0, V1, V1.toUpperCase(), 'zdj7WWeQ43G6JJvLWQWZpyHuAMq6uYWRjkBXFad11vE2LHhQ7'])('a CID: %s', (text) => {
    expect(readCid(text)).toEqual({ kind: 'cid' });
  });

  test('a CID in base 16', () => {
    expect(readCid(`f01551220${'ab'.repeat(32)}`)).toEqual({ kind: 'cid' });
  });

  test('a path below a CID', () => {
    expect(readCid(`${V0}/data/a.csv`)).toEqual({ kind: 'path', cid: V0, path: '/data/a.csv', at: V0.length });
    expect(readCid(`${V1}/`)).toEqual({ kind: 'path', cid: V1, path: '/', at: V1.length });
  });

  test.each([
    [`https://ipfs.io/ipfs/${V0}/a.csv?download=1`, 'gateway', V0, '/a.csv'],
    [`https://${V1}.ipfs.dweb.link/`, 'gateway', V1, ''],
    [`ipfs://${V1}`, 'scheme', V1, ''],
    [`ipfs://ipfs/${V1}/b`, 'scheme', V1, '/b'],
    [`/ipfs/${V0}`, 'scheme', V0, ''],
  ])('an address with a CID in it: %s', (text, kind, cid, path) => {
    expect(readCid(text)).toEqual({ kind, cid, path });
  });

  test.each([IPNS, `ipns://${IPNS}`, '/ipns/docs.ipfs.tech', 'https://ipfs.io/ipns/docs.ipfs.tech', `ipfs://${IPNS}`])(
    'an IPNS name: %s',
    (text) => {
      expect(readCid(text)).toEqual({ kind: 'ipns' });
    },
  );

  test.each(['', 'QmX', V0.slice(0, -1), `${V0}x`, 'https://example.org/a', 'hello', '/', 'ipfs://', 'a/b'])(
    'neither: %j',
    (text) => {
      expect(readCid(text)).toEqual({ kind: 'other' });
    },
  );

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.string({ unit: 'binary' })), (text) => {
        expect(readCid(text).kind).toBeDefined();
      }),
    );
  });
});
