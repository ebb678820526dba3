import { defineRule } from '../../src/check/rule.js';
import { compareReleases } from '../../src/target/release.js';
import { own } from '../../src/text/own.js';

const jobWith = (publisher: string): string => `
Name: count
Type: batch
Count: 1
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    Publisher: ${publisher}
    ResultPaths:
      - { Name: outputs, Path: /outputs }
`;

export default defineRule({
  id: 'output/not-offered',
  stage: 'schedule',
  severity: 'error',
  title: 'No node has the publisher that the job names',
  why:
    'A node advertises the publishers that it has: ipfs only with an IPFS endpoint, s3 only with credentials, s3managed ' +
    'since 1.8. A job whose publisher no node has is accepted and never given to one ("does not support …, only …").',
  remedy: 'Use a publisher that the nodes have, or ask their operator for it.',
  examples: {
    bad: [
      {
        title: 's3managed came with 1.8',
        job: jobWith('{ Type: s3managed }'),
        target: '1.7',
        expect: { stage: 'schedule', severity: 'error', confidence: 'high', at: 's3managed', message: 'no publisher' },
      },
      {
        title: 'types are compared without case',
        job: jobWith('{ Type: S3Managed }'),
        target: '1.6',
        expect: { stage: 'schedule', severity: 'error', at: 'S3Managed' },
      },
    ],
    good: [
      { title: 'the same job for a release that has it', job: jobWith('{ Type: s3managed }') },
      { title: 'every node has it', job: jobWith('{ Type: local }'), target: '1.7' },
      {
        title: 'the operators decide',
        job: jobWith('{ Type: s3, Params: { Bucket: acme, Key: results } }'),
      },
      { title: 'a type that there is not, which is told by another rule', job: jobWith('{ Type: ftp }') },
    ],
  },
  *check({ job, target }) {
    const name = job?.task?.publisher?.type;
    const type = name?.value.trim().toLowerCase() ?? '';
    if (name === undefined || own(target.publishers, type) !== 'no') return;
    // The client of an older release refuses a line that names it.
    if (job?.origin === 'command' && type === 's3managed') return;
    const tooNew = type === 's3managed' && compareReleases(target.bacalhau, '1.8') < 0;
    const offered = Object.entries(target.publishers).flatMap(([other, has]) => (has === 'yes' ? [other] : []));
    yield {
      at: name,
      message: `The nodes of ${target.name} have no publisher ${name.value}${tooNew ? ', which came with 1.8' : ''}: the job is never given to one.`,
      ...(offered.length === 0
        ? {}
        : { remedy: `Use a publisher that they have (${offered.join(', ')}), or ask their operator for it.` }),
    };
  },
});
