import { defineRule } from '../../src/check/rule.js';
import { onlyLocal, pulledReference } from '../../src/image/pulled.js';

export default defineRule({
  id: 'image/missing',
  stage: 'node',
  severity: 'error',
  needs: ({ image }) => (pulledReference(image) === undefined ? [] : ['image.access']),
  title: 'Registry has no such image',
  why:
    'A node that does not hold the image asks the registry for it before it takes the job. When the registry knows no ' +
    'such repository, tag or digest, every node declines: "image not available" (up to 1.4 "Could not inspect image").',
  remedy: 'Correct the name or the tag, or push the image.',
  examples: {
    bad: [
      {
        command: 'bacalhau docker run ghcr.io/acme/wordcont:1.4',
        image: { access: 'missing' },
        expect: { stage: 'node', severity: 'error', at: 'ghcr.io/acme/wordcont:1.4', message: 'ghcr.io' },
      },
      {
        reference: 'quay.io/acme/wordcount:9',
        image: { access: 'missing' },
        expect: { stage: 'node', severity: 'error', message: 'does not have' },
      },
    ],
    good: [
      { reference: 'acme/wordcount:1.4' },
      {
        title: 'it is here, and was never pushed: another rule says so',
        reference: 'acme/wordcount:1.4',
        image: { access: 'missing', local: {} },
      },
      {
        title: 'a file, which is asked of no registry',
        reference: 'docker-archive:wordcount.tar',
        image: { access: 'missing' },
      },
    ],
  },
  *check({ image, facts }) {
    const reference = pulledReference(image);
    const access = facts['image.access'];
    if (image === undefined || reference === undefined || access?.kind !== 'missing') return;
    if (onlyLocal(reference, access, facts['image.local']) !== 'no') return;
    yield {
      at: image.at,
      message: `The registry ${access.registry} does not have ${image.text}, so no node can pull it.`,
    };
  },
});
