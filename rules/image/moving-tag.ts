import { defineRule } from '../../src/check/rule.js';
import { pulledReference } from '../../src/image/pulled.js';
import { familiarRepository } from '../../src/image/reference.js';
import { replaceValue } from '../../src/text/replace.js';

export default defineRule({
  id: 'image/moving-tag',
  stage: 'results',
  severity: 'info',
  uses: ({ image }) => (pulledReference(image) === undefined ? [] : ['image.platforms']),
  title: 'Nodes keep the first `latest` that they pulled',
  why:
    'A node does not pull an image when it holds one of that name for its platform, and a job cannot ask for a pull. ' +
    'With `latest`, or no tag, one node may run what you pushed today and another what it pulled last month.',
  remedy: 'Name a version tag, or pin the image by its digest (docker buildx imagetools inspect shows it).',
  examples: {
    bad: [
      {
        command: 'bacalhau docker run acme/wordcount',
        expect: { stage: 'results', severity: 'info', at: 'acme/wordcount', message: 'no tag' },
      },
      { reference: 'acme/wordcount:latest', expect: { stage: 'results', severity: 'info', message: 'tag latest' } },
    ],
    good: [
      { reference: 'acme/wordcount:1.4' },
      { reference: `acme/wordcount@sha256:${'a'.repeat(64)}` },
      { reference: `acme/wordcount:latest@sha256:${'a'.repeat(64)}` },
      { reference: 'docker-archive:wordcount.tar' },
    ],
  },
  *check({ image, facts, job, source }) {
    const reference = pulledReference(image);
    if (image === undefined || reference === undefined || reference.digest !== undefined) return;
    if (reference.tag !== undefined && reference.tag !== 'latest') return;
    const name = familiarRepository(reference);
    const has = reference.tag === undefined ? 'no tag, which means latest' : 'the tag latest';
    const message = `${image.text} has ${has}: a node that holds an older one runs that and does not pull again.`;
    const digest = facts['image.platforms']?.digest;
    if (digest === undefined) {
      const commands = [`docker buildx imagetools inspect ${name}:latest`];
      yield { at: image.at, message, fix: { title: 'Show the digest to pin', safe: false, commands } };
      return;
    }
    const pinned = `${reference.text}@${digest}`;
    const remedy = `Name a version tag, or pin what the registry has now: ${pinned}`;
    const edits = [replaceValue(source, image.at, pinned)];
    yield {
      at: image.at,
      message,
      remedy,
      ...(job === undefined ? {} : { fix: { title: 'Pin the image by its digest', safe: false, edits } }),
    };
  },
});
