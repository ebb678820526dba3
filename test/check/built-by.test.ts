import { describe, expect, test } from '@jest/globals';
import { buildPlace, builtBy, knownDockerfiles } from '../../src/check/built-by.js';
import type { ImagePart } from '../../src/check/rule.js';
import { readDockerfile } from '../../src/dockerfile/read.js';
import type { Dockerfile } from '../../src/dockerfile/dockerfile.js';
import { parseImageName } from '../../src/image/name.js';
import { sourceText } from '../../src/text/source.js';

function dockerfile(path: string, text = 'FROM alpine:3.20\n'): Dockerfile {
  return readDockerfile(sourceText(path, text));
}

function found(image: string, paths: readonly string[], named: Readonly<Record<string, string>> = {}): string {
  const known = knownDockerfiles(
    new Map(Object.entries(named).map(([name, path]) => [name, dockerfile(path)])),
    paths.map((path) => dockerfile(path)),
  );
  const at = { span: { start: 0, end: 1 } };
  const built = builtBy({ image: { ...parseImageName(image), at } }, known);
  return built === undefined ? '' : `${built.dockerfile.source.path}${built.certain ? '' : '?'}`;
}

describe('which Dockerfile builds an image', () => {
  test.each([
    ['acme/count:1', ['count/Dockerfile', 'other/Dockerfile'], 'count/Dockerfile?'],
    ['registry.example.org/a/count@sha256:' + '1'.repeat(64), ['x/Dockerfile.count'], 'x/Dockerfile.count?'],
    ['acme/count:1', ['docker/count.dockerfile'], 'docker/count.dockerfile?'],
    ['acme/count:1', ['a/count/Dockerfile', 'b/count/Dockerfile'], ''],
    ['acme/count:1', ['count/Dockerfile.gpu'], ''],
    ['acme/count:1', ['discount/Dockerfile', 'counter/Dockerfile'], ''],
    ['docker-archive:count.tar', ['count/Dockerfile'], ''],
    ['acme/count:1', ['-'], ''],
  ])('%s of %j', (image, paths, expected) => expect(found(image, paths)).toBe(expected));

  test('the one that is configured, before one of that name', () => {
    expect(found('docker.io/acme/count:2', ['count/Dockerfile'], { 'acme/count': 'build/Dockerfile' })).toBe(
      'build/Dockerfile',
    );
    expect(found('acme/count-gpu:2', [], { 'acme/count': 'build/Dockerfile' })).toBe('');
  });
});

test.each<[ImagePart, string, string]>([
  ['user', 'FROM a:1\nUSER app\n', 'app'],
  ['user', 'FROM a:1\nCMD x\n', 'a:1'],
  ['platform', 'FROM --platform=linux/arm64 a:1\n', 'linux/arm64'],
  ['platform', 'FROM a:1 AS x\nFROM x\n', 'x'],
  ['command', 'FROM a:1\nENTRYPOINT ["a"]\nCMD ["b"]\n', 'ENTRYPOINT ["a"]'],
  ['command', 'FROM a:1\nCMD ["b"]\n', 'CMD ["b"]'],
])('the place of the %s in %j', (part, text, expected) => {
  const [place] = buildPlace({ dockerfile: dockerfile('Dockerfile', text), certain: false }, part);
  expect(text.slice(place?.at.span.start, place?.at.span.end)).toBe(expected);
  expect(place?.at.file?.path).toBe('Dockerfile');
  expect(place?.message).toContain('if this Dockerfile builds the image');
});
