import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { readJobSpec } from '../../src/job/read.js';
import { CannotLook } from '../../src/net/failure.js';
import { openTransport } from '../../src/net/transport.js';
import { blocksOf, type IpfsEndpoint } from '../../src/probe/ipfs/blocks.js';
import { contentOf, entriesBelow, nodeAt } from '../../src/probe/ipfs/tree.js';
import { unixFsNode } from '../../src/probe/ipfs/unixfs.js';
import { openProber, type ProbeLook } from '../../src/probe/look.js';
import { sourceText } from '../../src/text/source.js';
import { startIpfs, type IpfsServer } from '../kit/ipfs.js';

const LARGE = Array.from({ length: 80_000 }, (_, i) => `line ${String(i)}\n`).join('');
const FOLDER = { 'a.csv': 'hello', 'sub/b.txt': 'world', 'sub/deep/large.txt': LARGE };
const MANY = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`file-${String(i)}.txt`, String(i)]));
const ABSENT = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';

let server: IpfsServer;
let sharded: IpfsServer;
beforeAll(async () => {
  server = await startIpfs({ file: 'hello', large: LARGE, folder: FOLDER });
  sharded = await startIpfs({ many: MANY }, true);
});
afterAll(async () => {
  await server.stop();
  await sharded.stop();
});

function look(cid: string, ipfs: IpfsEndpoint | undefined): Promise<ProbeLook> {
  const InputSources = [{ Target: '/in', Source: { Type: 'ipfs', Params: { CID: cid } } }];
  const job = { Name: 'x', Type: 'batch', Tasks: [{ Name: 'main', InputSources }] };
  const spec = readJobSpec(sourceText('job.json', JSON.stringify(job)), { release: '1.9.3', variables: new Map() });
  return openProber({ env: {}, allowedHosts: [], whyNoCredentials: undefined, ipfs }).look(
    spec,
    new Set(['probe.ipfs']),
  );
}

describe.each(['gateway', 'api'] as const)('through a %s', (kind) => {
  const endpoint = (): IpfsEndpoint => ({ kind, url: new URL(server[kind]) });

  test.each([
    ['file', { kind: 'found', shape: 'file', size: 5 }],
    ['large', { kind: 'found', shape: 'file', size: LARGE.length }],
    ['folder', { kind: 'found', shape: 'folder' }],
  ])('%s', async (name, expected) => {
    const before = server.seen.length;
    const { facts } = await look(server.cids[name] ?? '', endpoint());
    expect(facts['probe.ipfs']?.get(0)).toMatchObject(expected);
    expect(server.seen.slice(before)).toEqual([`${kind === 'api' ? 'POST' : 'GET'} ${server.cids[name] ?? ''}`]);
  });

  test('what it does not have', async () => {
    const { facts } = await look(ABSENT, endpoint());
    expect(facts['probe.ipfs']?.get(0)).toMatchObject({ kind: 'missing' });
  });

  test('content that is not what the CID names', async () => {
    const cid = server.cids.folder ?? '';
    server.corrupted.add(cid);
    const { missing } = await look(cid, endpoint());
    server.corrupted.delete(cid);
    expect(missing['probe.ipfs']?.[0]).toMatch(/gave other content than baf/);
  });

  test('a whole folder, and a file of many blocks', async () => {
    const policy = { host: endpoint().url.host, allowedHosts: [], trustsHost: true };
    const transport = openTransport({ policy, env: {}, requestMs: 5000, signal: new AbortController().signal });
    const get = blocksOf(endpoint(), transport);
    const node = await nodeAt(CID.parse(server.cids.folder ?? ''), get);
    if (node.kind !== 'folder') throw new Error('no folder');
    const found: Record<string, string> = {};
    for await (const entry of entriesBelow(node, get)) {
      if (entry.kind !== 'file') continue;
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry.open()) chunks.push(chunk);
      found[entry.path] = Buffer.concat(chunks).toString();
      expect(Buffer.concat(chunks)).toHaveLength(entry.size);
    }
    transport.close();
    expect(found).toEqual(FOLDER);
  });
});

test('a folder that is spread over many blocks', async () => {
  const url = new URL(sharded.gateway);
  const transport = openTransport({
    policy: { host: url.host, allowedHosts: [], trustsHost: true },
    env: {},
    requestMs: 5000,
    signal: new AbortController().signal,
  });
  const get = blocksOf({ kind: 'gateway', url }, transport);
  const node = await nodeAt(CID.parse(sharded.cids.many ?? ''), get);
  if (node.kind !== 'folder') throw new Error('no folder');
  const names: string[] = [];
  for await (const entry of entriesBelow(node, get)) names.push(entry.path);
  transport.close();
  expect(node.prefix).toBe(2);
  expect(names.sort()).toEqual(Object.keys(MANY).sort());
});

test('nobody is asked when no gateway is named', async () => {
  const before = server.seen.length;
  const { missing } = await look(server.cids.file ?? '', undefined);
  expect(missing['probe.ipfs']).toEqual(['no IPFS gateway is named; --ipfs-gateway URL or --ipfs-api URL names one']);
  expect(server.seen).toHaveLength(before);
});

test('a file that is said to be a part of itself ends', async () => {
  const cid = CID.parse(ABSENT);
  const looped = { kind: 'file', size: 1, data: new Uint8Array(), links: [{ name: '', cid, size: 1 }] } as const;
  // DAG-PB: a UnixFS file whose only link is ABSENT itself.
  const link = Buffer.concat([Buffer.of(0x0a, cid.bytes.length), cid.bytes]);
  const block = Buffer.concat([Buffer.of(0x12, link.length), link, Buffer.of(0x0a, 2, 0x08, 2)]);
  const read = async (): Promise<void> => {
    for await (const chunk of contentOf(looped, () => Promise.resolve(block))) expect(chunk).toHaveLength(0);
  };
  await expect(read()).rejects.toThrow('nested more than 64 deep');
});

test('no bytes break the reader of blocks', () => {
  const cid = CID.parse(ABSENT);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        unixFsNode(cid, bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(CannotLook);
      }
    }),
  );
});
