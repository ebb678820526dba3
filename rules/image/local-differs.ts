import { defineRule } from '../../src/check/rule.js';
import type { ImageName } from '../../src/image/facts.js';
import { pulledReference } from '../../src/image/pulled.js';
import { familiarName } from '../../src/image/reference.js';
import { compareWithRegistry } from '../../src/image/same-image.js';

export default defineRule({
  id: 'image/local-differs',
  stage: 'results',
  severity: 'warning',
  needs: ({ image }) => (isMovable(image) ? ['image.local', 'image.platforms'] : []),
  uses: ({ image }) => (isMovable(image) ? ['image.config'] : []),
  title: 'Local image is not the one in the registry',
  why:
    'Nodes run the image that the registry has under this name. When the engine on your machine holds another under ' +
    'the same name, what was tested there is not what will run.',
  remedy: 'Pull the image and test again, or push the local one under a new tag.',
  examples: {
    bad: [
      {
        title: 'built again and not pushed',
        command: 'bacalhau docker run acme/wordcount:1.4',
        image: { local: {} },
        expect: { stage: 'results', severity: 'warning', at: 'acme/wordcount:1.4', message: 'never pushed' },
      },
      {
        title: 'the tag has moved on since it was pulled',
        reference: 'acme/wordcount:1.4',
        image: { local: { repoDigests: [`acme/wordcount@sha256:${'a'.repeat(64)}`] } },
        expect: { stage: 'results', severity: 'info', message: 'is older or newer' },
      },
    ],
    good: [
      { title: 'not on this machine', reference: 'acme/wordcount:1.4', image: { local: 'absent' } },
      {
        title: 'the same',
        reference: 'acme/wordcount:1.4',
        image: {
          digest: `sha256:${'b'.repeat(64)}`,
          local: { repoDigests: [`acme/wordcount@sha256:${'b'.repeat(64)}`] },
        },
      },
    ],
  },
  *check({ image, facts }) {
    const reference = pulledReference(image);
    const local = facts['image.local'];
    const platforms = facts['image.platforms'];
    if (image === undefined || reference === undefined || !isMovable(image)) return;
    if (local?.present !== true || platforms === undefined) return;
    const name = familiarName(reference);
    switch (compareWithRegistry(reference, local, platforms, facts['image.config'])) {
      case 'never-pushed':
        yield {
          at: image.at,
          message: `The local engine holds a ${image.text} that was never pushed: nodes run another, the one in the registry.`,
        };
        break;
      case 'moved':
        yield {
          at: image.at,
          severity: 'info',
          message: `The ${image.text} in the local engine is older or newer than the one in the registry, which nodes run.`,
          fix: { title: 'Pull the image that nodes run', safe: false, commands: [`docker pull ${name}`] },
        };
        break;
      case 'same':
      case 'unknown':
        break;
    }
  },
});

/** A digest names one image everywhere. */
function isMovable(image: ImageName | undefined): boolean {
  const reference = pulledReference(image);
  return reference !== undefined && reference.digest === undefined;
}
