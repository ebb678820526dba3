import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseManifest } from '../../src/image/manifest.js';
import { CannotLook } from '../../src/net/failure.js';
import { parseTarHeader, parsePax } from '../../src/image/archive/tar-header.js';
import { parseChallenges } from '../../src/image/registry/challenge.js';
import { findCredentials } from '../../src/image/registry/credentials.js';
import { mayHoldCredentials, servingHost } from '../../src/image/registry/hub.js';
import { refusalOf } from '../../src/net/policy.js';
import { proxyFor } from '../../src/net/proxy.js';

describe('parseChallenges', () => {
  test.each<[string, [string, Record<string, string>][]]>([
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
      [
        [
          'bearer',
          {
            realm: 'https://auth.docker.io/token',
            service: 'registry.docker.io',
            scope: 'repository:a/b:pull,push',
          },
        ],
      ],
    ],
    ['Basic realm="Registry Realm"', [['basic', { realm: 'Registry Realm' }]]],
    ['BASIC Realm=x', [['basic', { realm: 'x' }]]],
    [
      'Negotiate, Basic realm="a \\"b\\"", Bearer realm = c',
      [
        ['negotiate', {}],
        ['basic', { realm: 'a "b"' }],
        ['bearer', { realm: 'c' }],
      ],
    ],
    ['', []],
    ['="x"', []],
    ['realm="x"', []],
  ])('%s', (header, expected) => {
    const parsed = parseChallenges(header).map(({ scheme, params }) => [scheme, Object.fromEntries(params)]);
    expect(parsed).toEqual(expected);
  });

  test('gives back what it is made of, and never throws', () => {
    const value = fc.stringMatching(/^[ -~]{0,20}$/);
    fc.assert(
      fc.property(value, (realm) => {
        const header = `Bearer realm="${realm.replace(/["\\]/g, '\\$&')}"`;
        expect(parseChallenges(header)[0]?.params.get('realm')).toBe(realm);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => expect(Array.isArray(parseChallenges(text))).toBe(true)));
  });
});

describe('findCredentials', () => {
  async function find(registry: string, config: unknown): Promise<unknown> {
    const folder = await mkdtemp(join(tmpdir(), 'credentials-'));
    try {
      await writeFile(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
      return await findCredentials(registry, { DOCKER_CONFIG: folder });
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') });
  const found = { kind: 'password', username: 'me', password: 'a:b' };

  test.each<[string, string, unknown, unknown]>([
    ['auth', 'ghcr.io', { auths: { 'ghcr.io': auth('me:a:b') } }, found],
    ['a host with scheme and path', 'ghcr.io', { auths: { 'https://ghcr.io/v1/': auth('me:a:b') } }, found],
    ['a trailing zero byte', 'ghcr.io', { auths: { 'ghcr.io': auth('me:a:b\0') } }, found],
    ['username and password', 'a:5000', { auths: { 'a:5000': { username: 'me', password: 'a:b' } } }, found],
    ['Docker Hub by its old address', 'docker.io', { auths: { 'https://index.docker.io/v1/': auth('me:a:b') } }, found],
    ['Docker Hub by its name', 'index.docker.io', { auths: { 'docker.io': auth('me:a:b') } }, found],
    [
      'an identity token',
      'a.io',
      { auths: { 'a.io': { ...auth('me:'), identitytoken: 't' } } },
      { kind: 'identity-token', token: 't' },
    ],
    ['another host', 'ghcr.io', { auths: { 'quay.io': auth('me:a:b') } }, undefined],
    ['another port', 'a:5000', { auths: { 'a:5001': auth('me:a:b') } }, undefined],
    ['an empty entry', 'ghcr.io', { auths: { 'ghcr.io': {} } }, undefined],
    ['a file of another shape', 'ghcr.io', { auths: [1] }, undefined],
    ['a broken file', 'ghcr.io', '{', undefined],
  ])('%s', async (_, registry, config, expected) => {
    expect(await find(registry, config)).toEqual(expected);
  });

  test('a pipe is not waited for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'credentials-'));
    execFileSync('mkfifo', [join(folder, 'config.json')]);
    expect(await findCredentials('ghcr.io', { DOCKER_CONFIG: folder })).toBeUndefined();
    await rm(folder, { recursive: true });
  });

  test('an absent file', async () => {
    expect(await findCredentials('ghcr.io', { DOCKER_CONFIG: '/no/such/folder' })).toBeUndefined();
  });
});

test.each([
  ['docker.io', 'auth.docker.io', true],
  ['docker.io', 'auth.docker.io.evil.example', false],
  ['ghcr.io', 'ghcr.io', true],
  ['ghcr.io', 'auth.docker.io', false],
  ['registry.gitlab.com', 'gitlab.com', true],
  ['registry.corp:5000', 'registry.corp', true],
  ['registry.corp', 'auth.corp', false],
])('the credentials of %s may go to %s: %s', (registry, host, expected) => {
  expect(mayHoldCredentials(registry, host)).toBe(expected);
});

test('Docker Hub is served from another host', () => {
  expect([servingHost('docker.io'), servingHost('ghcr.io')]).toEqual(['registry-1.docker.io', 'ghcr.io']);
});

describe('refusalOf', () => {
  const policy = { host: 'registry.corp:5000', allowedHosts: ['auth.corp'], trustsHost: true };
  test.each([
    ['registry.corp', '10.0.0.5', false],
    ['REGISTRY.corp', '127.0.0.1', false],
    ['registry.corp', '169.254.169.254', true],
    ['auth.corp', '10.0.0.6', false],
    ['cdn.example', '10.0.0.6', true],
    ['cdn.example', '::ffff:10.0.0.6', true],
    ['cdn.example', '127.0.0.1', true],
    ['cdn.example', '0.0.0.0', true],
    ['cdn.example', '8.8.8.8', false],
    ['cdn.example', '169.254.169.254', true],
  ])('%s at %s is refused: %s', (host, address, refused) => {
    expect(refusalOf(host, address, policy) !== undefined).toBe(refused);
  });
});

describe('proxyFor', () => {
  const env = { HTTPS_PROXY: 'http://proxy:3128', http_proxy: 'proxy:3129' };
  test.each([
    ['https://ghcr.io/', {}, 'http://proxy:3128/'],
    ['http://ghcr.io/', {}, 'http://proxy:3129/'],
    ['https://localhost:5000/', {}, undefined],
    ['https://127.0.0.1/', {}, undefined],
    ['https://ghcr.io/', { NO_PROXY: '*' }, undefined],
    ['https://ghcr.io/', { NO_PROXY: 'quay.io, ghcr.io' }, undefined],
    ['https://a.ghcr.io/', { no_proxy: 'ghcr.io' }, undefined],
    ['https://a.ghcr.io/', { NO_PROXY: '.ghcr.io' }, undefined],
    ['https://ghcr.io/', { NO_PROXY: '.ghcr.io' }, 'http://proxy:3128/'],
    ['https://notghcr.io/', { NO_PROXY: 'ghcr.io' }, 'http://proxy:3128/'],
    ['https://ghcr.io/', { NO_PROXY: 'ghcr.io:5000' }, 'http://proxy:3128/'],
    ['https://10.1.2.3/', { NO_PROXY: '10.0.0.0/8' }, undefined],
    ['https://11.1.2.3/', { NO_PROXY: '10.0.0.0/8,10/x,/' }, 'http://proxy:3128/'],
    ['https://ghcr.io/', { HTTPS_PROXY: 'socks5://proxy' }, undefined],
    ['https://ghcr.io/', { HTTPS_PROXY: '' }, undefined],
  ])('%s with %o', (url, more, expected) => {
    expect(proxyFor(new URL(url), { ...env, ...more })?.href).toBe(expected);
  });
});

describe('parsers of foreign bytes throw nothing but a reason', () => {
  test('manifests', () => {
    const json = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)));
    const shaped = fc
      .record(
        { schemaVersion: fc.constant(2), manifests: fc.jsonValue(), config: fc.jsonValue(), layers: fc.jsonValue() },
        { requiredKeys: [] },
      )
      .map((value) => Buffer.from(JSON.stringify(value)));
    const bytes = fc.uint8Array().map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.oneof(json, shaped, bytes), (content) => {
        try {
          expect(['index', 'manifest']).toContain(parseManifest(content).kind);
        } catch (error) {
          expect(error).toBeInstanceOf(CannotLook);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('tar headers and pax records', () => {
    const block = fc.uint8Array({ minLength: 512, maxLength: 512 }).map((array) => Buffer.from(array));
    fc.assert(fc.property(block, (bytes) => expect(parseTarHeader(bytes)?.size ?? 0).toBeGreaterThanOrEqual(0)));
    fc.assert(fc.property(fc.uint8Array(), (array) => expect(typeof parsePax(Buffer.from(array))).toBe('object')));
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{1,80}$/), (name) => {
        const record = ` path=${name}\n`;
        const length = record.length + String(record.length + 2).length;
        expect(parsePax(Buffer.from(`${length}${record}`)).path).toBe(
          length === record.length + String(length).length ? name : undefined,
        );
      }),
    );
  });
});
