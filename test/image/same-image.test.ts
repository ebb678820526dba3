import { expect, test } from '@jest/globals';
import type { ImageConfig, ImagePlatforms, LocalImage } from '../../src/image/facts.js';
import { parseReference, type ImageReference } from '../../src/image/reference.js';
import { compareWithRegistry } from '../../src/image/same-image.js';

const INDEX = `sha256:${'1'.repeat(64)}`;
const MANIFEST = `sha256:${'2'.repeat(64)}`;
const CONFIG = `sha256:${'3'.repeat(64)}`;
const OTHER = `sha256:${'4'.repeat(64)}`;

const registry: ImagePlatforms = {
  source: 'registry',
  digest: INDEX,
  kind: 'index',
  platforms: [{ platform: 'linux/amd64', digest: MANIFEST }],
};
const config: ImageConfig = {
  source: 'registry',
  platform: 'linux/amd64',
  digest: CONFIG,
  entrypoint: [],
  cmd: [],
  env: [],
  user: '',
  workingDir: '',
  volumes: [],
  exposedPorts: [],
  labels: {},
  hasHealthcheck: false,
};

function reference(): ImageReference {
  const parsed = parseReference('acme/x:1');
  if (!parsed.ok) throw new Error('no reference');
  return parsed.reference;
}

function local(
  id: string,
  repoDigests: readonly string[],
  platform = 'linux/amd64',
): LocalImage & { readonly present: true } {
  return { present: true, id, platform, repoDigests, config };
}

test.each([
  ['pulled by the index', local(OTHER, [`acme/x@${INDEX}`]), 'same'],
  ['pulled by the manifest, under another name', local(OTHER, [`mirror/y@${OTHER}`, `acme/x@${MANIFEST}`]), 'same'],
  ['loaded from a file', local(CONFIG, []), 'same'],
  ['containerd store, where the ID is the index', local(INDEX, []), 'same'],
  ['pulled, and the tag has moved', local(OTHER, [`acme/x@${OTHER}`]), 'moved'],
  ['pulled from elsewhere and tagged anew', local(OTHER, [`mirror/y@${OTHER}`]), 'never-pushed'],
  ['the same, for another platform', local(OTHER, [`mirror/y@${OTHER}`], 'linux/arm64'), 'unknown'],
  ['pulled by Podman, and the tag has moved', local(OTHER, [`docker.io/acme/x@${OTHER}`]), 'moved'],
  ['built here', local(OTHER, []), 'never-pushed'],
  ['built here for another platform: the ID says nothing', local(OTHER, [], 'linux/arm64'), 'unknown'],
])('%s', (_title, image, expected) => {
  expect(compareWithRegistry(reference(), image, registry, config)).toBe(expected);
});

test('without digests nothing can be compared', () => {
  const bare: ImagePlatforms = { source: 'registry', kind: 'index', platforms: [] };
  expect(compareWithRegistry(reference(), local(OTHER, [`acme/x@${OTHER}`]), bare, undefined)).toBe('unknown');
});
