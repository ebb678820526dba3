import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtImage, type Look, type LookOptions } from '../../src/image/look.js';
import { parseImageName } from '../../src/image/name.js';
import type { Resolve } from '../../src/net/sending.js';
import { selfSigned } from '../kit/certificate.js';
import type { FakeRegistry } from '../kit/fake-registry.js';
import { GOOD, MISBEHAVIOURS, startHostileRegistry, type MisbehaviourName } from '../kit/hostile-registry.js';
import { listen, portOf } from '../kit/listen.js';
import { ACCOUNT, dockerConfigFor } from '../kit/registry.js';

const WANTED = new Set(['image.access', 'image.platforms', 'image.config']);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
});
afterAll(() => rm(folder, { recursive: true }));

function lookAt(registry: FakeRegistry, options: Partial<LookOptions> = {}): Promise<Look> {
  return lookAtImage(parseImageName(`${registry.host}/app:1`), WANTED, {
    platforms: ['linux/amd64'],
    offline: false,
    env: { DOCKER_CONFIG: join(folder, 'none') },
    credentials: true,
    insecureRegistries: [],
    resolve: made,
    wait: () => Promise.resolve(),
    ...options,
  });
}

/** Addresses that a DNS server could say. */
const ADDRESSES: Readonly<Record<string, string>> = {
  'private.test': '10.0.0.5',
  'metadata.test': '169.254.169.254',
};

const made: Resolve = (host, _, callback) => {
  callback(null, [{ address: ADDRESSES[host] ?? '127.0.0.1', family: 4 }]);
};

/** Why nothing at all was learned; `HOST` stands for the registry. */
const NOTHING_LEARNED: readonly (readonly [MisbehaviourName, string])[] = [
  [
    'says a digest that is not that of its answer',
    `digest mismatch: what the registry gives as sha256:${'0'.repeat(64)} is ${GOOD.root.digest}`,
  ],
  ['sends a huge manifest', 'HOST sent more than 4 MiB where that much is never needed'],
  ['sends HTML', 'HOST answered with a web page, as no registry does'],
  ['sends HTML for not found', 'HOST answered 404 (not found), and not in the way of a registry'],
  ['breaks off', 'HOST closed the connection without an answer'],
  ['never answers', 'HOST did not answer within 0.3 s'],
  ['never ends its headers', 'HOST did not answer within 0.3 s'],
  ['stops in the middle', 'HOST did not answer within 0.3 s'],
  ['drips', 'HOST did not answer within 0.3 s'],
  ['never ends', 'HOST sent more than 4 MiB where that much is never needed'],
  ['sends a gzip bomb', 'HOST sent a compressed answer, which was not asked for'],
  ['redirects for ever', 'HOST redirects more than 5 times'],
  ['redirects to the metadata service', '169.254.169.254 is at 169.254.169.254, a cloud metadata address'],
  ['redirects to the metadata service by name', 'metadata.google.internal is a cloud metadata service'],
  ['redirects to a name of the metadata service', 'metadata.test is at 169.254.169.254, a cloud metadata address'],
  ['redirects to a name with a private address', 'private.test is at 10.0.0.5, which is a private address'],
  ['redirects without saying where to', 'HOST answered 307'],
  ['names a realm with a private address', 'private.test is at 10.0.0.5, which is a private address'],
  ['redirects to a private address', '10.0.0.1 is at 10.0.0.1, which is a private address'],
  ['redirects to a file', 'HOST redirects to an address that is not http(s)'],
  ['redirects to nowhere', 'HOST redirects to an invalid address'],
  ['names a realm without TLS elsewhere', 'HOST names a token server without TLS (http://tokens.example)'],
  ['names the metadata service as realm', '169.254.169.254 is at 169.254.169.254, a cloud metadata address'],
  ['names a private realm', '192.168.0.1 is at 192.168.0.1, which is a private address'],
  ['names a realm with a password', 'HOST names a token server with a password in its address'],
  ['names no realm', 'HOST names no valid token server'],
  ['redirects its token server', 'the token server HOST answered with a redirect, which is not followed'],
  ['gives a token that breaks headers', 'the token server HOST gave no token'],
  ['gives no token', 'the token server HOST gave no token'],
  ['gives a huge token', 'HOST sent more than 65536 bytes where that much is never needed'],
  ['has a broken token server', 'the token server HOST answered 500 (internal error)'],
  ['says 401 without a challenge', 'HOST asks for a login in a way that is not known'],
  ['says 401 with a challenge of its own', 'HOST asks for a login in a way that is not known'],
  ['says 403 without a word', 'HOST answered 403 (forbidden), and not in the way of a registry'],
  ['says 418', 'HOST answered 418'],
  ['is busy', 'HOST answered 429 (too many requests)'],
  ['is busy for an hour', 'HOST answered 429 (too many requests) and asks to come back in 3600 s'],
  ['is busy again and again', 'HOST answered 429 (too many requests) and asks to come back in 1 s'],
  ['says nonsense in Retry-After', 'HOST answered 429 (too many requests)'],
  ['sends early hints for ever', 'HOST did not answer within 0.3 s'],
  ['sends endless headers', 'HOST does not speak HTTP (HPE_HEADER_OVERFLOW)'],
  ['speaks no HTTP', 'HOST does not speak HTTP (HPE_INVALID_CONSTANT)'],
  ['hides its challenge behind a thousand others', 'HOST asks for a login in a way that is not known'],
  ['fails', 'HOST answered 500 (internal error)'],
];

/** Why nothing was learned of the content, although the image is public. */
const CONTENT_REFUSED: readonly (readonly [MisbehaviourName, string])[] = [
  ['sends deep JSON', 'the manifest nests more than 32 levels deep'],
  ['lists 10,000 entries', 'the index lists 10000 entries, more than the 1000 that are looked at'],
  ['lists entries without digest', 'the index has an entry without valid digest and size'],
  ['lists entries of impossible size', 'the index has an entry without valid digest and size'],
  ['lists entries of negative size', 'the index has an entry without valid digest and size'],
  ['sends index and manifest in one', 'the manifest is both an index and a manifest'],
  ['sends schema 1', 'the image is in the old schema 1 format, which says no platform and which Docker refuses'],
  ['sends an unknown kind', 'the manifest is of an unknown kind (application/vnd.cncf.helm.chart)'],
  ['sends a list', 'the manifest is not a JSON object'],
  ['sends nothing', 'the manifest is not JSON'],
];

/** Why the config was not learned, although the platforms are known. */
const CONFIG_REFUSED: readonly (readonly [MisbehaviourName, string])[] = [
  ['gives other content than was asked by digest', 'digest mismatch: what HOST gives as '],
  ['gives another config', 'digest mismatch: what HOST gives as '],
  ['gives a config that is shorter than said', 'digest mismatch: what HOST gives as '],
  ['gives a config that is longer than said', 'bytes where that much is never needed'],
  ['gives no config', 'HOST answered 404 (not found) for a part of the image'],
  ['redirects the config to an error', 'HOST answered 404 (not found) for a part of the image'],
  ['nests indexes', 'an index lies inside an index inside an index'],
];

const HARMLESS: readonly MisbehaviourName[] = [
  'says the wrong type',
  'is busy once',
  'is busy for seven seconds',
  'fails once',
  'names a key __proto__',
];
const TOLD_APART: readonly MisbehaviourName[] = [
  'says 401 for ever',
  'sends control characters',
  'repeats what it was sent',
];

const SLOW: readonly MisbehaviourName[] = [
  'sends early hints for ever',
  'never answers',
  'never ends its headers',
  'stops in the middle',
  'drips',
];

async function look(name: MisbehaviourName, options: Partial<LookOptions> = {}): Promise<Look & { host: string }> {
  const registry = await startHostileRegistry(name);
  try {
    const limits = SLOW.includes(name) ? { requestMs: 300 } : {};
    return { ...(await lookAt(registry, { ...limits, ...options })), host: registry.host };
  } finally {
    await registry.stop();
  }
}

describe('a registry that', () => {
  test.each(NOTHING_LEARNED)('%s', async (name, reason) => {
    const { facts, missing, host } = await look(name);
    expect(facts).toEqual({});
    const expected = reason.replace('HOST', host);
    expect(missing).toEqual({ 'image.access': expected, 'image.platforms': expected, 'image.config': expected });
  });

  test.each(CONTENT_REFUSED)('%s', async (name, reason) => {
    const { facts, missing, host } = await look(name);
    expect(facts).toMatchObject({ 'image.access': { kind: 'public' } });
    const expected = reason.replace('HOST', host);
    expect(missing).toEqual({ 'image.platforms': expected, 'image.config': expected });
  });

  test.each(CONFIG_REFUSED)('%s', async (name, reason) => {
    const { facts, missing, host } = await look(name);
    expect(Object.keys(facts)).toEqual(['image.access', 'image.platforms']);
    expect(missing['image.config']).toContain(reason.replace('HOST', host));
  });

  test.each(HARMLESS)('%s', async (name) => {
    const { facts, missing } = await look(name);
    expect(missing).toEqual({});
    expect(facts['image.platforms']?.platforms).toHaveLength(2);
  });

  test('says 401 for ever', async () => {
    const { facts, stats } = await look('says 401 for ever');
    expect(facts['image.access']).toMatchObject({ kind: 'private-or-missing' });
    expect(stats.requests).toBe(3);
  });

  test('sends control characters keeps them out of reasons', async () => {
    const { facts, missing } = await look('sends control characters');
    expect(facts['image.access']?.kind).toBe('denied');
    expect(Object.values(missing).join('')).not.toContain('\u001b');
  });

  test('repeats what it was sent is not quoted', async () => {
    const registry = await startHostileRegistry('repeats what it was sent');
    await writeFile(join(folder, 'config.json'), dockerConfigFor(registry.host));
    const found = await lookAt(registry, { env: { DOCKER_CONFIG: folder } });
    await registry.stop();
    expect(found.facts['image.access']).toEqual({ kind: 'denied', registry: registry.host, triedCredentials: true });
    expect(JSON.stringify(found)).not.toContain(ACCOUNT.password);
  });

  test('says another size than its config has', async () => {
    const { missing, host } = await look('says another size than its config has');
    expect(missing['image.config']).toMatch(/ says \d+ bytes for what has \d+$/);
    expect(missing['image.config']).toContain(host);
  });

  test('asks for patience gets it within the deadline', async () => {
    const waits: number[] = [];
    const wait = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    await look('is busy for seven seconds', { wait });
    expect(waits).toEqual([7000]);
    const short = await look('is busy for seven seconds', { wait, totalMs: 5000 });
    expect(short.missing['image.access']).toContain('asks to come back in 7 s');
    expect(waits).toEqual([7000]);
    const { stats } = await look('is busy again and again', { wait });
    expect(stats.requests).toBe(3);
  });

  test('moves between lookups is refused where it lands', async () => {
    const registry = await startHostileRegistry('redirects to a name with a private address');
    const addresses = ['8.8.8.8', '10.0.0.5'];
    const both: Resolve = (_host, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
    const { missing } = await lookAt(registry, { resolve: both });
    await registry.stop();
    expect(missing['image.access']).toBe('private.test is at 10.0.0.5, which is a private address');
  });

  test('has a metadata address is never asked, even when the user names and allows it', async () => {
    const asked = await lookAtImage(parseImageName('metadata.test/app:1'), WANTED, {
      platforms: [],
      offline: false,
      env: {},
      credentials: true,
      insecureRegistries: ['metadata.test'],
      allowedHosts: ['metadata.test', '169.254.169.254'],
      resolve: made,
    });
    expect(asked.missing['image.access']).toBe('metadata.test is at 169.254.169.254, a cloud metadata address');
    expect(asked.stats.requests).toBe(0);
  });

  test('redirects from TLS to plain HTTP', async () => {
    const tls = selfSigned('127.0.0.1');
    const server = await listen(
      createServer({ cert: tls.certificatePem, key: tls.privateKeyPem }, (_, response) => {
        response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end();
      }),
    );
    const host = `127.0.0.1:${portOf(server)}`;
    const { missing } = await lookAt({ host, seen: [], stop: () => Promise.resolve() });
    server.close();
    server.closeAllConnections();
    expect(missing['image.access']).toBe(`${host} redirects to 127.0.0.1:1 without TLS`);
  });

  test('does anything of the kit is tried here', () => {
    const tried = [
      ...NOTHING_LEARNED,
      ['says another size than its config has'] as const,
      ...CONTENT_REFUSED,
      ...CONFIG_REFUSED,
    ].map(([name]) => name);
    expect([...tried, ...HARMLESS, ...TOLD_APART].sort()).toEqual(Object.keys(MISBEHAVIOURS).sort());
  });
});
