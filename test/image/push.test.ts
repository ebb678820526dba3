import { expect, test } from '@jest/globals';
import { pushOf } from '../../src/image/push.js';
import { parseReference } from '../../src/image/reference.js';

function push(text: string, has?: string, wanted: readonly string[] = ['linux/amd64']): readonly string[] {
  const parsed = parseReference(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return pushOf(parsed.reference, has, wanted).commands;
}

test('a name with an account or a registry is pushed as it is', () => {
  expect(push('acme/wordcount:1.4')).toEqual(['docker push acme/wordcount:1.4']);
  expect(push('ghcr.io/acme/wordcount')).toEqual(['docker push ghcr.io/acme/wordcount:latest']);
});

test('a name that would be an official image, or lies on this machine, gets an account', () => {
  expect(push('wordcount:1.4', 'linux/amd64')).toEqual([
    'docker tag wordcount:1.4 <your-docker-id>/wordcount:1.4',
    'docker push <your-docker-id>/wordcount:1.4',
  ]);
  expect(push('localhost:5000/team/wordcount')).toEqual([
    'docker tag localhost:5000/team/wordcount:latest <your-docker-id>/wordcount:latest',
    'docker push <your-docker-id>/wordcount:latest',
  ]);
});

test('an image for another platform is built for the nodes', () => {
  expect(push('acme/wordcount:1.4', 'linux/arm64/v8')).toEqual([
    'docker buildx build --platform linux/amd64 -t acme/wordcount:1.4 --push .',
  ]);
  expect(push('acme/wordcount:1.4', 'linux/arm64/v8', ['linux/amd64', 'linux/arm64'])).toEqual([
    'docker push acme/wordcount:1.4',
  ]);
});
