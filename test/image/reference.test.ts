import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  familiarName,
  familiarRepository,
  parseReference,
  withTag,
  type ImageReference,
  type ReferenceProblem,
} from '../../src/image/reference.js';
import { hostName, hostReach } from '../../src/net/host.js';

const HEX = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

function parsed(text: string): ImageReference {
  const result = parseReference(text);
  if (!result.ok) throw new Error(`${text}: ${result.problem.message}`);
  return result.reference;
}

function problemOf(text: string): ReferenceProblem {
  const result = parseReference(text);
  if (result.ok) throw new Error(`${text} is a reference`);
  return result.problem;
}

describe('parseReference', () => {
  test.each([
    ['ubuntu', 'docker.io', 'library/ubuntu', undefined, undefined],
    ['ubuntu:24.04', 'docker.io', 'library/ubuntu', '24.04', undefined],
    ['user/app', 'docker.io', 'user/app', undefined, undefined],
    ['docker.io/ubuntu', 'docker.io', 'library/ubuntu', undefined, undefined],
    ['index.docker.io/user/app:1', 'docker.io', 'user/app', '1', undefined],
    ['ghcr.io/bacalhau-project/app:1.2', 'ghcr.io', 'bacalhau-project/app', '1.2', undefined],
    ['localhost/app', 'localhost', 'app', undefined, undefined],
    ['localhost:5000/app', 'localhost:5000', 'app', undefined, undefined],
    ['localhost:5000', 'docker.io', 'library/localhost', '5000', undefined],
    ['[::1]:5000/app:1', '[::1]:5000', 'app', '1', undefined],
    ['GHCR.io/org/app', 'GHCR.io', 'org/app', undefined, undefined],
    ['registry:5000/a/b/c:Tag', 'registry:5000', 'a/b/c', 'Tag', undefined],
    [`ubuntu@sha256:${HEX}`, 'docker.io', 'library/ubuntu', undefined, `sha256:${HEX}`],
    [`org/app:1.2@sha256:${HEX}`, 'docker.io', 'org/app', '1.2', `sha256:${HEX}`],
    ['a__b/c--d/e.f_g', 'docker.io', 'a__b/c--d/e.f_g', undefined, undefined],
  ])('%s', (text, registry, repository, tag, digest) => {
    expect(parsed(text)).toMatchObject({ text, registry, repository });
    expect(parsed(text).tag).toBe(tag);
    expect(parsed(text).digest).toBe(digest);
  });

  test('says whether the host was written', () => {
    expect(parsed('ubuntu').explicitRegistry).toBe(false);
    expect(parsed('docker.io/ubuntu').explicitRegistry).toBe(true);
  });

  test.each([
    ['', 'empty', '', undefined],
    ['  ', 'empty', '  ', undefined],
    ['https://hub.docker.com/_/python', 'url', 'https://hub.docker.com/_/python', 'python'],
    ['https://hub.docker.com/r/bitnami/kubectl/tags?page=1', 'url', undefined, 'bitnami/kubectl'],
    ['hub.docker.com/r/library/python', 'url', 'hub.docker.com/r/library/python', 'python'],
    ['https://github.com/org/Repo/pkgs/container/repo', 'url', undefined, 'ghcr.io/org/repo'],
    ['https://github.com/orgs/org/packages/container/package/repo%2Fapp', 'url', undefined, 'ghcr.io/org/repo/app'],
    ['github.com/org/repo', 'url', 'github.com/org/repo', undefined],
    ['https://quay.io/repository/org/app', 'url', undefined, 'quay.io/org/app'],
    ['https://ghcr.io/org/app:1', 'url', 'https://', 'ghcr.io/org/app:1'],
    ['docker://busybox', 'url', 'docker://', 'busybox'],
    ['MyApp:1', 'uppercase', 'MyApp', 'myapp:1'],
    ['MyOrg/app', 'uppercase', 'MyOrg/app', 'myorg/app'],
    ['ghcr.io/Org/App:V1', 'uppercase', 'Org/App', 'ghcr.io/org/app:V1'],
    ['python:3.11:slim', 'tag', ':3.11:slim', undefined],
    ['python:', 'tag', ':', undefined],
    ['python:3.11+cuda', 'tag', ':3.11+cuda', undefined],
    ['org/app:1/x', 'tag', 'app:1', undefined],
    [`python:${'a'.repeat(129)}`, 'tag', `:${'a'.repeat(129)}`, undefined],
    ['python@latest', 'digest', 'latest', 'python:latest'],
    ['python@sha256:abc', 'digest', 'sha256:abc', undefined],
    [`python@sha256:${HEX.toUpperCase()}`, 'digest', undefined, `python@sha256:${HEX}`],
    [`python:sha256:${HEX}`, 'digest', undefined, `python@sha256:${HEX}`],
    [HEX, 'digest', HEX, undefined],
    [`sha256:${HEX}`, 'digest', undefined, undefined],
    ['app:${TAG}', 'unexpanded', '${TAG}', undefined],
    ['$IMAGE', 'unexpanded', '$IMAGE', undefined],
    ['app:{{ .version }}', 'unexpanded', '{{ .version }}', undefined],
    ['<your-user>/app', 'unexpanded', '<your-user>', undefined],
    [' ubuntu', 'syntax', ' ', 'ubuntu'],
    ['docker pull ubuntu', 'syntax', ' ', 'ubuntu'],
    ['a b', 'syntax', ' ', undefined],
    ['org//app', 'syntax', '', undefined],
    ['/app', 'syntax', '', undefined],
    ['app/', 'syntax', '', undefined],
    ['@', 'syntax', '@', undefined],
    [`@sha256:${HEX}`, 'syntax', '@', undefined],
    [':1.4', 'syntax', ':', undefined],
    ['./image.tar', 'syntax', '.', undefined],
    ['-app', 'syntax', '-app', undefined],
    ['a..b', 'syntax', 'a..b', undefined],
    ['ünï', 'syntax', 'ünï', undefined],
    ['reg_istry.io/app', 'syntax', 'reg_istry.io', undefined],
    ['a'.repeat(256), 'syntax', 'a'.repeat(256), undefined],
  ])('%s is none: %s', (text, kind, at, suggestion) => {
    const problem = problemOf(text);
    expect(problem.kind).toBe(kind);
    if (at !== undefined) expect(text.slice(problem.at.start, problem.at.end)).toBe(at);
    expect(problem.suggestion).toBe(suggestion);
  });

  test.each(['{{', '<', '${', 'a:', 'a@', '/a', '[', 'a.', ' a', 'https://', 'hub.docker.com/r/'])(
    'takes no longer than the text is long: %s',
    (part) => {
      const text = part.repeat(400_000 / part.length);
      expect(parseReference(text).ok).toBe(false);
      expect(parseReference(`a${text}`).ok).toBe(false);
    },
  );

  test('says that the name is missing', () => {
    expect(problemOf('@').message).toBe(
      'The name is missing before the digest in "@": expected [HOST[:PORT]/]PATH[:TAG]',
    );
  });

  test('names both tags', () => {
    expect(problemOf('python:3.11:slim').message).toContain('"3.11" and "slim"');
  });

  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const host = fc.oneof(
    fc.tuple(label, label).map((labels) => labels.join('.')),
    fc.tuple(label, fc.integer({ min: 1, max: 65535 })).map(([name, port]) => `${name}:${port}`),
    fc.constant('localhost'),
  );
  const component = fc.stringMatching(/^[a-z0-9]{1,6}((\.|_|__|-{1,3})[a-z0-9]{1,6}){0,2}$/);
  const path = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/);
  const hex = fc.stringMatching(/^[0-9a-f]{64}$/);

  test('gives back the parts of which a reference is made', () => {
    fc.assert(
      fc.property(host, path, fc.option(tag, { nil: undefined }), fc.option(hex, { nil: undefined }), (h, p, t, d) => {
        fc.pre(!['hub.docker.com', 'github.com', 'docker.io', 'index.docker.io'].includes(h));
        const text = `${h}/${p}${t === undefined ? '' : `:${t}`}${d === undefined ? '' : `@sha256:${d}`}`;
        const reference = parsed(text);
        expect(reference).toMatchObject({ registry: h, repository: p, explicitRegistry: true });
        expect(reference.tag).toBe(t);
        expect(reference.digest).toBe(d === undefined ? undefined : `sha256:${d}`);
      }),
    );
  });

  test('the familiar name means the same', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          path,
          fc.tuple(host, path).map((parts) => parts.join('/')),
        ),
        tag,
        (name, t) => {
          const result = parseReference(`${name}:${t}`);
          fc.pre(result.ok);
          const again = parsed(familiarName(result.reference));
          expect([again.registry, again.repository, again.tag]).toEqual([
            result.reference.registry,
            result.reference.repository,
            result.reference.tag,
          ]);
        },
      ),
    );
  });

  test('any text is parsed or has a problem inside the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(':', '/', '@', '.', '[', ']', '://', 'sha256:', ' ', '$', '{{'),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (text) => {
          const result = parseReference(text);
          if (result.ok) return;
          const { at, suggestion } = result.problem;
          expect(at.start).toBeGreaterThanOrEqual(0);
          expect(at.end).toBeGreaterThanOrEqual(at.start);
          expect(at.end).toBeLessThanOrEqual(text.length);
          if (suggestion !== undefined) expect(parseReference(suggestion).ok).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('familiarName and withTag', () => {
  test.each([
    ['docker.io/library/ubuntu:1', 'ubuntu:1', 'ubuntu:2'],
    ['docker.io/user/app', 'user/app', 'user/app:2'],
    ['library/a/b', 'library/a/b', 'library/a/b:2'],
    [`ghcr.io/o/a:1@sha256:${HEX}`, `ghcr.io/o/a:1@sha256:${HEX}`, 'ghcr.io/o/a:2'],
  ])('%s', (text, familiar, tagged) => {
    expect(familiarName(parsed(text))).toBe(familiar);
    expect(withTag(parsed(text), '2')).toBe(tagged);
    expect(tagged.startsWith(familiarRepository(parsed(text)))).toBe(true);
  });
});

describe('hostReach', () => {
  test.each([
    ['docker.io', 'public'],
    ['ghcr.io:443', 'public'],
    ['8.8.8.8:5000', 'public'],
    ['[2606:4700::1111]:5000', 'public'],
    ['localhost', 'loopback'],
    ['localhost:5000', 'loopback'],
    ['registry.localhost', 'loopback'],
    ['127.0.0.1:5000', 'loopback'],
    ['127.1:5000', 'loopback'],
    ['[::1]:5000', 'loopback'],
    ['[::ffff:127.0.0.1]', 'loopback'],
    ['0.0.0.0:5000', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1:5000', 'private'],
    ['172.32.0.1:5000', 'public'],
    ['192.168.1.5:5000', 'private'],
    ['100.64.0.1', 'private'],
    ['169.254.169.254', 'private'],
    ['[fd12::1]', 'private'],
    ['[fe80::1]:5000', 'private'],
    ['[::ffff:10.0.0.1]', 'private'],
    ['registry:5000', 'single-label'],
    ['nas.local:5000', 'local-name'],
    ['NAS.LOCAL', 'local-name'],
    ['host.docker.internal:5000', 'local-name'],
    ['registry.internal.example.com', 'public'],
  ])('%s is %s', (registry, reach) => {
    expect(hostReach(registry)).toBe(reach);
  });

  test('hostName drops the port', () => {
    expect([hostName('a.b:1'), hostName('a'), hostName('[::1]:5')]).toEqual(['a.b', 'a', '::1']);
  });
});
