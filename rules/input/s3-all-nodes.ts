import { defineRule } from '../../src/check/rule.js';
import { sourceType } from '../../src/job/source-params.js';

const jobWith = (type: string, source: string): string => `
Name: logs
Type: ${type}
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - { Target: /inputs, Source: ${source} }
`;
const S3 = '{ Type: s3, Params: { Bucket: acme, Key: logs/ } }';

export default defineRule({
  id: 'input/s3-all-nodes',
  stage: 'node',
  severity: 'warning',
  since: '1.6.5',
  title: 'S3 input of a job that runs on all nodes',
  why:
    'An S3 source divides its objects by the Count of the job, also when nothing is to be divided. Jobs of type ops and ' +
    'daemon have no Count: since 1.6.5 the server makes it 0, and every node refuses to prepare the input ("job ' +
    'partitions/count must be greater than 0"). Learned from the source of Bacalhau, not from a run.',
  remedy: 'Make it a batch or service job with a Count, or give the data by URL or IPFS.',
  examples: {
    bad: [
      {
        job: jobWith('ops', S3),
        expect: { stage: 'node', severity: 'warning', confidence: 'medium', at: 's3', message: 'ops' },
      },
      { job: jobWith('daemon', S3), expect: { stage: 'node', severity: 'warning', message: 'daemon' } },
      {
        command: 'bacalhau docker run --target all -i s3://acme/logs/ alpine:3.20',
        expect: { stage: 'node', severity: 'warning', message: '--target all' },
      },
    ],
    good: [
      { job: jobWith('batch', S3) },
      { job: jobWith('ops', S3), target: '1.6.4' },
      {
        title: 'other sources are not divided',
        job: jobWith('ops', '{ Type: urlDownload, Params: { URL: "https://example.org/a.csv" } }'),
      },
    ],
  },
  *check({ job }) {
    const type = job?.type;
    if (job === undefined || (type?.value !== 'ops' && type?.value !== 'daemon')) return;
    const what = job.origin === 'command' ? '--target all' : `type ${type.value}`;
    for (const input of job.task?.inputs ?? []) {
      if (sourceType(input) !== 's3') continue;
      yield {
        at: input.source?.type ?? input.at,
        confidence: 'medium',
        message: `With ${what} the job has no Count, by which nodes divide an S3 input: they refuse to prepare it.`,
        related: [{ message: 'the type of the job', at: type }],
      };
    }
  },
});
