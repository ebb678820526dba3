import { readConfig } from '../../src/image/config.js';
import { parseManifest } from '../../src/image/manifest.js';
import { isDigest } from '../../src/image/reference-grammar.js';
import { familiarName, parseReference } from '../../src/image/reference.js';
import { parseChallenges } from '../../src/image/registry/challenge.js';
import { CannotLook } from '../../src/net/failure.js';
import { image, indexOf } from '../kit/images.js';
import { holds, type FuzzTarget } from './fuzz.js';
import { TAR } from './tar-target.js';

/** What `npm run fuzz` and the tests run, by name. */
export const TARGETS: Readonly<Record<string, FuzzTarget>> = {
  reference: { seeds: texts(references()), run: runReference },
  manifest: {
    seeds: [...images().map(({ root }) => root.bytes), ...texts(['{"schemaVersion":1}', '[]', ''])],
    run: runManifest,
  },
  config: { seeds: images().flatMap(({ blobs }) => blobs.slice(0, 1).map(({ bytes }) => bytes)), run: runConfig },
  challenge: { seeds: texts(challenges()), run: runChallenge },
  tar: TAR,
};

function texts(list: readonly string[]): Buffer[] {
  return list.map((text) => Buffer.from(text));
}

function references(): string[] {
  const digest = `sha256:${'a1'.repeat(32)}`;
  return [
    'ubuntu',
    'ubuntu:24.04',
    `ghcr.io/org/app:1.2@${digest}`,
    `localhost:5000/a/b/c@${digest}`,
    '[2001:db8::1]:5000/app:1',
    'https://hub.docker.com/r/bitnami/kubectl/tags?page=1',
    'docker pull app:${TAG}',
    'MyOrg/a__b--c.d',
  ];
}

function challenges(): string[] {
  return [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
    'Basic realm="Registry \\"Realm\\""',
    'Negotiate, Digest qop = auth, Bearer realm=x',
  ];
}

function images(): ReturnType<typeof image>[] {
  const config = {
    Entrypoint: ['/app'],
    Cmd: ['serve'],
    Env: ['A=1'],
    User: '1000:1000',
    WorkingDir: '/work',
    Labels: { a: 'b' },
    Volumes: { '/data': {} },
    ExposedPorts: { '80/tcp': {} },
    Healthcheck: { Test: ['CMD', 'true'] },
  };
  const one = image({ config });
  const docker = image({ platform: 'linux/arm/v7', config, docker: true });
  return [one, docker, indexOf({ 'linux/amd64': one, 'linux/arm/v7': docker }, { attestations: true })];
}

function runReference(bytes: Buffer): void {
  const text = bytes.toString('utf8');
  const parsed = parseReference(text);
  if (!parsed.ok) {
    const { at, message, suggestion } = parsed.problem;
    holds(0 <= at.start && at.start <= at.end && at.end <= text.length, 'the place lies outside of the text');
    holds(message.length < 1000, 'the message is as long as the text');
    holds(suggestion === undefined || parseReference(suggestion).ok, 'the suggestion is no reference');
    return;
  }
  const { registry, repository, tag, digest } = parsed.reference;
  const again = parseReference(familiarName(parsed.reference));
  holds(again.ok, 'the familiar name is no reference');
  if (!again.ok) return;
  const same = [again.reference.registry, again.reference.repository, again.reference.tag, again.reference.digest];
  holds(same.join(' ') === [registry, repository, tag, digest].join(' '), 'the familiar name means another image');
  // these become parts of a path and of a host: nothing in them may lead elsewhere
  holds(/^[a-z0-9._/-]+$/.test(repository) && !repository.includes('..'), 'the repository holds other characters');
  holds(/^[A-Za-z0-9.:[\]-]+$/.test(registry), 'the registry holds other characters');
}

function runManifest(bytes: Buffer): void {
  const manifest = orReason(() => parseManifest(bytes));
  if (manifest === undefined) return;
  const parts = manifest.kind === 'index' ? manifest.manifests : [manifest.config, ...manifest.layers];
  holds(parts.length <= 1001, 'there are more entries than are looked at');
  for (const { digest, size } of parts) {
    holds(isDigest(digest) && Number.isSafeInteger(size) && size >= 0, 'an entry has no valid digest and size');
  }
}

function runConfig(bytes: Buffer): void {
  const config = orReason(() => readConfig(bytes, { source: 'registry' }));
  if (config === undefined) return;
  const { entrypoint, cmd, env, volumes, exposedPorts, labels, user, workingDir, platform } = config;
  const found = [...entrypoint, ...cmd, ...env, ...volumes, ...exposedPorts, ...Object.values(labels)];
  holds(
    [...found, user, workingDir].every((value) => typeof value === 'string'),
    'a value is no text',
  );
  holds(platform.includes('/'), 'the platform is none');
}

function runChallenge(bytes: Buffer): void {
  // headers come as latin1
  const parsed = parseChallenges(bytes.toString('latin1'));
  holds(parsed.length <= bytes.length, 'there are more challenges than characters');
  for (const { scheme, params } of parsed) {
    holds(/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(scheme), 'a scheme is no token');
    for (const name of params.keys()) holds(name === name.toLowerCase(), 'a parameter is not in lower case');
  }
}

/** Gives undefined for a refusal with a reason; anything else that is thrown is a fault. */
function orReason<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof CannotLook)) throw error;
    holds(error.message.length < 1000, 'the reason is as long as the input');
    return undefined;
  } finally {
    holds(!('polluted' in {}), 'the prototype of all objects was changed');
  }
}
