import { defineRule } from '../../src/check/rule.js';
import { newTag } from '../../src/image/new-tag.js';
import { pulledReference } from '../../src/image/pulled.js';
import { shortDigest } from '../../src/image/reference-grammar.js';
import { withTag } from '../../src/image/reference.js';

const OLD = `sha256:${'a'.repeat(64)}`;
const NEW = `sha256:${'b'.repeat(64)}`;
const moved = { name: 'python:3.12-slim', digest: OLD, now: NEW, isCurrent: false };

export default defineRule({
  id: 'image/older-than-base',
  stage: 'results',
  severity: 'info',
  uses: ({ deep, image }) => (deep && image?.source === 'registry' ? ['image.config', 'image.base'] : []),
  title: 'The base of the image has moved on',
  why:
    'A node runs the image as it was built; what has been mended in its base since then is not in it. Nodes that hold ' +
    'the image do not pull it again, so that a rebuild needs a new tag. The labels org.opencontainers.image.base.name ' +
    'and base.digest, which an image inherits from its base, say what was built on.',
  remedy: 'Build again with --pull, under a new tag.',
  examples: {
    bad: [
      {
        title: 'the base was built again since',
        reference: 'acme/wordcount:1.4',
        deep: true,
        image: { base: moved },
        expect: { stage: 'results', severity: 'info', confidence: 'medium', message: 'python:3.12-slim' },
      },
    ],
    good: [
      {
        title: 'built on the base of today',
        reference: 'acme/wordcount:1.4',
        deep: true,
        image: { base: { ...moved, now: OLD, isCurrent: true } },
      },
      { title: 'labels that name no base', reference: 'acme/wordcount:1.4', deep: true },
    ],
  },
  *check({ image, facts }) {
    const base = facts['image.base'];
    const reference = pulledReference(image);
    if (image === undefined || reference === undefined || base === undefined || base.isCurrent) return;
    const tagged = withTag(reference, newTag(reference.tag));
    yield {
      at: image.at,
      confidence: 'medium',
      message:
        `${image.text} was built on ${base.name} when that was ${shortDigest(base.digest)}; ` +
        `it is ${shortDigest(base.now)} now, and what was mended there is not in the image.`,
      remedy: `If that matters to the job, build again under a new tag: docker buildx build --pull -t ${tagged} --push .`,
    };
  },
});
