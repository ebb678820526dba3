import { defineRule } from '../../src/check/rule.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import { isLeftOut } from '../../src/job/refused.js';
import { s3Partition } from '../../src/job/s3-partition.js';
import { sourceType } from '../../src/job/source-params.js';
import { compareReleases } from '../../src/target/release.js';

const jobWith = (count: string, partition: string): string => `
Name: logs
Type: batch${count}
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/wordcount:1.4 } }
    InputSources:
      - Target: /inputs
        Source: { Type: s3, Params: { Bucket: acme, Key: logs/, Partition: ${partition} } }
`;

export default defineRule({
  id: 'input/s3-partition',
  stage: 'results',
  severity: 'info',
  since: '1.6.1',
  title: 'Partition of an S3 input divides nothing',
  why:
    'A Partition shares the objects of an S3 input among the executions of a job, whose number is Count. Without a ' +
    'Count, or with 1, the one execution gets everything, as if there was no Partition.',
  remedy: 'Set Count to the number of executions, or take the Partition away.',
  examples: {
    bad: [
      {
        job: jobWith('', '{ Type: object }'),
        expect: { stage: 'results', severity: 'info', at: '{ Type: object }', message: 'without a Count' },
      },
      {
        job: jobWith('\nCount: 1', '{ Type: regex, Pattern: "(.*)-" }'),
        expect: { stage: 'results', severity: 'info', message: 'Count 1' },
      },
    ],
    good: [
      { job: jobWith('\nCount: 4', '{ Type: object }') },
      { title: 'which says that nothing is divided', job: jobWith('', '{ Type: none }') },
      { title: 'a Count that is not known here', job: jobWith('\nCount: {{.count}}', '{ Type: object }') },
      { title: 'a Count that is refused', job: jobWith('\nCount: "4"', '{ Type: object }') },
      { title: 'before, it runs nowhere without a Count', job: jobWith('', '{ Type: object }'), target: '1.6.4' },
      { title: 'other types of job have no Count', job: jobWith('', '{ Type: object }').replace('batch', 'ops') },
    ],
  },
  *check({ job, target }) {
    if (job === undefined || !startsOnce(job, target.bacalhau)) return;
    const one = job.count === undefined ? 'without a Count' : 'with Count 1';
    for (const input of job.task?.inputs ?? []) {
      const at = input.source?.params.get('Partition');
      const partition = sourceType(input) === 's3' ? s3Partition(input.source) : undefined;
      if (at === undefined || partition === undefined || !('by' in partition) || partition.by === 'none') continue;
      yield { at, message: `The Partition divides nothing: ${one} there is one execution, which takes all objects.` };
    }
  },
});

/** Whether there is one execution. Before 1.6.5 a job without Count had none; a template may give one. */
function startsOnce(job: JobSpec, release: string): boolean {
  if (job.type?.value !== 'batch' && job.type?.value !== 'service') return false;
  if (job.count !== undefined) return job.count.value === 1;
  return job.unresolved.length === 0 && !isLeftOut(job, 'Count') && compareReleases(release, '1.6.5') >= 0;
}
