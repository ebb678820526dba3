import { defineRule } from '../../src/check/rule.js';
import { s3Fetch } from '../../src/job/input-name.js';
import { sourceType, textParam } from '../../src/job/source-params.js';

const jobWith = (params: string): string => `
Name: logs
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /inputs
        Source:
          Type: s3
          Params: { ${params} }
`;

export default defineRule({
  id: 'input/s3-whole-bucket',
  stage: 'node',
  severity: 'info',
  title: 'S3 input takes the whole bucket',
  why:
    'An S3 source without a Key, or with the Key `*`, lists and downloads every object of the bucket. Nodes count its ' +
    'size against the disk of the job when they are asked, and decline what they have no room for.',
  remedy: 'Name a prefix such as logs/2024/ unless the program needs all of it.',
  examples: {
    bad: [
      {
        job: jobWith('Bucket: acme'),
        expect: { stage: 'node', severity: 'info', at: 'acme', message: 'whole bucket' },
      },
      {
        job: jobWith('Bucket: acme, Key: "*"'),
        expect: { stage: 'node', severity: 'info', at: '*', message: 'whole bucket acme' },
      },
    ],
    good: [
      { job: jobWith('Bucket: acme, Key: logs/') },
      { title: 'a Filter chooses', job: jobWith('Bucket: acme, Filter: "^2024-.*"') },
      { title: 'partitions divide it', job: jobWith('Bucket: acme, Partition: { Type: object }') },
      { job: jobWith('Bucket: acme, Key: "{{.prefix}}"') },
    ],
  },
  *check({ job }) {
    for (const input of job?.task?.inputs ?? []) {
      if (sourceType(input) !== 's3') continue;
      const bucket = textParam(input.source, 'Bucket');
      const key = textParam(input.source, 'Key');
      const narrowed = ['Filter', 'Partition'].some((name) => input.source?.params.get(name)?.value);
      if (bucket === undefined || narrowed || s3Fetch(key?.value ?? '').kind !== 'bucket') continue;
      yield { at: key ?? bucket, message: `The input is the whole bucket ${bucket.value}.` };
    }
  },
});
