import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtImage, type Look, type LookOptions } from '../../src/image/look.js';
import { parseImageName } from '../../src/image/name.js';
import type { FakeRegistry } from '../kit/fake-registry.js';
import { GOOD, MISBEHAVIOURS, startHostileRegistry, type MisbehaviourName } from '../kit/hostile-registry.js';
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
    ...options,
  });
}

/** Why nothing at all was learned; `HOST` stands for the registry. */
const NOTHING_LEARNED: readonly (readonly [MisbehaviourName, string])[] = [
  [
    'says a digest that is not that of its answer',
    `the registry lied about the digest (asked sha256:${'0'.repeat(64)}, got ${GOOD.root.digest})`,
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
  ['is busy for an hour', 'HOST answered 429 (too many requests)'],
  ['fails', 'HOST answered 500 (internal error)'],
];

/** Why nothing was learned of the content, although the image is public. */
const CONTENT_REFUSED: readonly (readonly [MisbehaviourName, string])[] = [
  ['sends deep JSON', 'the manifest nests more than 32 levels deep'],
  ['lists 10,000 entries', 'the index lists 10000 entries, more than the 1000 that are looked at'],
  ['lists entries without digest', 'the index has an entry without valid digest and size'],
  ['lists entries of negative size', 'the index has an entry without valid digest and size'],
  ['sends index and manifest in one', 'the manifest is both an index and a manifest'],
  ['sends schema 1', 'the image is in the old schema 1 format, which says no platform and which Docker refuses'],
  ['sends an unknown kind', 'the manifest is of an unknown kind (application/vnd.cncf.helm.chart)'],
  ['sends a list', 'the manifest is not a JSON object'],
  ['sends nothing', 'the manifest is not JSON'],
];

/** Why the config was not learned, although the platforms are known. */
const CONFIG_REFUSED: readonly (readonly [MisbehaviourName, string])[] = [
  ['gives other content than was asked by digest', 'HOST lied about the digest (asked '],
  ['gives another config', 'HOST lied about the digest (asked '],
  ['gives a config that is longer than said', 'bytes where that much is never needed'],
  ['gives no config', 'HOST answered 404 (not found) for a part of the image'],
  ['redirects the config to an error', 'HOST answered 404 (not found) for a part of the image'],
  ['nests indexes', 'an index lies inside an index inside an index'],
];

const HARMLESS: readonly MisbehaviourName[] = ['says the wrong type', 'is busy once', 'fails once'];
const TOLD_APART: readonly MisbehaviourName[] = [
  'says 401 for ever',
  'sends control characters',
  'repeats what it was sent',
];

const SLOW: readonly MisbehaviourName[] = ['never answers', 'never ends its headers', 'stops in the middle', 'drips'];

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
    const { facts, missing } = await look(name);
    expect(facts).toMatchObject({ 'image.access': { kind: 'public' } });
    expect(missing).toEqual({ 'image.platforms': reason, 'image.config': reason });
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

  test('does anything of the kit is tried here', () => {
    const tried = [...NOTHING_LEARNED, ...CONTENT_REFUSED, ...CONFIG_REFUSED].map(([name]) => name);
    expect([...tried, ...HARMLESS, ...TOLD_APART].sort()).toEqual(Object.keys(MISBEHAVIOURS).sort());
  });
});
