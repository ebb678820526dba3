import { defineRule } from '../../src/check/rule.js';
import { familiarRepository } from '../../src/image/reference.js';
import { matchesGlob } from '../../src/text/glob.js';

export default defineRule({
  id: 'image/not-allowed',
  stage: 'node',
  severity: 'warning',
  title: 'The image is none that your configuration allows',
  why: 'A node starts whatever image a job names, unless its operator screens jobs (the job selection policy, ProbeExec and ProbeHTTP). A team that lets only some registries or images in says so in its configuration file, under allowed; without that this rule says nothing.',
  remedy:
    'Take an image that is allowed, or add its registry or repository to allowed in .bacalhau-preflight.yaml. To make it an error there: rules: {image/not-allowed: error}.',
  examples: {
    bad: [
      {
        title: 'from another registry',
        reference: 'quay.io/stranger/count:1',
        allowed: { registries: ['ghcr.io'], images: ['acme/*'] },
        expect: { stage: 'node', severity: 'warning', message: 'only ghcr.io and acme/*' },
      },
      {
        title: 'a repository whose name only begins alike',
        reference: 'acme-tools/count:1',
        allowed: { registries: [], images: ['acme/**'] },
        expect: { stage: 'node', severity: 'warning' },
      },
    ],
    good: [
      {
        title: 'the repository fits a pattern',
        reference: 'acme/count:1',
        allowed: { registries: [], images: ['acme/*'] },
      },
      {
        title: 'the official image by its long name',
        reference: 'docker.io/library/ubuntu:22.04',
        allowed: { registries: [], images: ['ubuntu'] },
      },
      {
        title: 'the registry is allowed',
        reference: 'ghcr.io/any/thing:1',
        allowed: { registries: ['ghcr.io'], images: [] },
      },
      { title: 'nothing is limited', reference: 'quay.io/stranger/count:1' },
    ],
  },
  *check({ image, target }) {
    const { allowedImages } = target;
    const reference = image?.reference;
    if (allowedImages === undefined || image?.source !== 'registry' || reference === undefined) return;
    if (allowedImages.registries.includes(reference.registry)) return;
    const names = [familiarRepository(reference), `${reference.registry}/${reference.repository}`];
    if (allowedImages.images.some((pattern) => names.some((name) => matchesGlob(pattern, name)))) return;
    const allowed = [...allowedImages.registries, ...allowedImages.images];
    const only = allowed.length === 0 ? 'no image at all' : `only ${allowed.slice(0, 5).join(' and ')}`;
    yield {
      at: image.at,
      message: `${familiarRepository(reference)} is not allowed here: the configuration lets in ${only}.`,
    };
  },
});
