import { expect, test } from '@jest/globals';
import { parseImageName } from '../../src/image/name.js';
import { rebuildCommand } from '../../src/image/rebuild.js';

test.each([
  ['acme/wordcount:1.4', 'docker buildx build --platform linux/amd64,linux/arm64 -t acme/wordcount:1.5 --push .'],
  [
    'ghcr.io/acme/wordcount',
    'docker buildx build --platform linux/amd64,linux/arm64 -t ghcr.io/acme/wordcount:latest-2 --push .',
  ],
  [
    'docker-daemon:acme/wordcount:stable',
    'docker buildx build --platform linux/amd64,linux/arm64 -t acme/wordcount:stable-2 --push .',
  ],
  [
    'docker-daemon:wordcount:1.4',
    'docker buildx build --platform linux/amd64,linux/arm64 -t <your-docker-id>/wordcount:1.4 --push .',
  ],
  [`docker-daemon:sha256:${'a'.repeat(64)}`, undefined],
  ['docker-archive:a b.tar', "docker buildx build --platform linux/amd64 --output type=docker,'dest=a b.tar' ."],
  [
    'oci-archive:out/it.tar',
    'docker buildx build --platform linux/amd64,linux/arm64 --output type=oci,dest=out/it.tar .',
  ],
  ['oci:layout:1', 'docker buildx build --platform linux/amd64,linux/arm64 --output type=oci,tar=false,dest=layout .'],
  ['ubuntu:22.04', undefined],
])('%s', (name, line) => {
  expect(rebuildCommand(parseImageName(name), ['linux/amd64'], ['linux/arm64', 'windows/amd64'])).toBe(line);
});
