import { defineRule } from '../../src/check/rule.js';
import type { ImageName } from '../../src/image/facts.js';
import { newTag } from '../../src/image/new-tag.js';
import { pulledReference } from '../../src/image/pulled.js';
import { shortDigest } from '../../src/image/reference-grammar.js';
import { withTag } from '../../src/image/reference.js';
import { replaceValue } from '../../src/text/replace.js';

const OLD = `sha256:${'a'.repeat(64)}`;
const NEW = `sha256:${'b'.repeat(64)}`;
const seen = { digest: OLD, at: '2026-03-01T09:30:00Z' };

export default defineRule({
  id: 'image/moved-tag',
  stage: 'results',
  severity: 'info',
  uses: ({ image }) => (hasFixedTag(image) ? ['image.platforms', 'image.seen'] : []),
  title: 'The tag names another image than before',
  why:
    'A node does not pull an image when it holds one of that name for its platform (until 1.6.4: for any platform), and ' +
    'a job cannot ask for a pull. Where a tag was pushed again, nodes that ran it before keep the old image and others ' +
    'get the new one. Compared is with the last look from this machine, so that a move is said once.',
  remedy: 'Push the image under a new tag, or pin it by its digest.',
  examples: {
    bad: [
      {
        title: 'pushed again since the last look',
        command: 'bacalhau docker run acme/wordcount:1.4',
        image: { digest: NEW, seen },
        expect: { stage: 'results', severity: 'info', at: 'acme/wordcount:1.4', message: 'on 2026-03-01' },
      },
      {
        title: 'an image of somebody else',
        reference: 'python:3.12-slim',
        image: { digest: NEW, seen },
        expect: { stage: 'results', severity: 'info', message: 'sha256:aaaaaaaaaaaa' },
      },
    ],
    good: [
      { title: 'the same as before', reference: 'acme/wordcount:1.4', image: { digest: OLD, seen } },
      { title: 'looked at for the first time', reference: 'acme/wordcount:1.4' },
      { title: 'pinned', reference: `acme/wordcount:1.4@${NEW}`, image: { digest: NEW, seen } },
      { title: 'cannot be looked at', reference: 'acme/wordcount:1.4', image: { seen, unknown: ['image.platforms'] } },
    ],
  },
  *check({ image, facts, job, source }) {
    const reference = pulledReference(image);
    const before = facts['image.seen'];
    const digest = facts['image.platforms']?.digest;
    if (image === undefined || reference === undefined || !hasFixedTag(image)) return;
    if (before === undefined || digest === undefined || before.digest === digest) return;
    const pinned = `${reference.text}@${digest}`;
    const own = withTag(reference, newTag(reference.tag));
    const edits = [replaceValue(source, image.at, pinned)];
    yield {
      at: image.at,
      message:
        `${image.text} was another image (${shortDigest(before.digest)}) when it was last looked at from here, ` +
        `on ${before.at.slice(0, 10)}: a node that holds the old one runs that and does not pull again.`,
      remedy: `If the image is yours, push it under a new tag, such as ${own}; else pin what the registry has now: ${pinned}`,
      ...(job === undefined ? {} : { fix: { title: 'Pin the image by its digest', safe: false, edits } }),
    };
  },
});

/** Of `latest`, image/moving-tag says the same already; a digest never moves. */
function hasFixedTag(image: ImageName | undefined): boolean {
  const reference = pulledReference(image);
  if (reference?.tag === undefined) return false;
  return reference.digest === undefined && reference.tag !== 'latest';
}
