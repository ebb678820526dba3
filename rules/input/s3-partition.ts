import { defineRule } from '../../src/check/rule.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import { isLeftOut } from '../../src/job/refused.js';
import { s3Partition } from '../../src/job/s3-partition.js';
import { sourceType } from '../../src/job/source-params.js';
import { compareReleases } from '../../src/target/release.js';
import { hasDate } from '../../src/text/go-date/go-date.js';

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
    'Count, or with 1, the one execution gets everything, as if there was no Partition. Objects in which nodes find no ' +
    'date by the DateFormat, a layout of Go, all go to the first execution.',
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
      {
        title: 'a date as other languages write it',
        job: jobWith('\nCount: 4', '{ Type: date, DateFormat: YYYY-MM-DD }'),
        expect: {
          stage: 'results',
          severity: 'warning',
          at: '{ Type: date, DateFormat: YYYY-MM-DD }',
          message: 'no part of a date',
        },
      },
    ],
    good: [
      { job: jobWith('\nCount: 4', '{ Type: object }') },
      { job: jobWith('\nCount: 4', '{ Type: date, DateFormat: 2006-01-02 }') },
      { title: 'which says that nothing is divided', job: jobWith('', '{ Type: none }') },
      { title: 'a Count that is not known here', job: jobWith('\nCount: {{.count}}', '{ Type: object }') },
      { title: 'a Count that is refused', job: jobWith('\nCount: "4"', '{ Type: object }') },
      { title: 'before, it runs nowhere without a Count', job: jobWith('', '{ Type: object }'), target: '1.6.4' },
      { title: 'other types of job have no Count', job: jobWith('', '{ Type: object }').replace('batch', 'ops') },
    ],
  },
  *check({ job, target }) {
    if (job === undefined) return;
    const one = job.count === undefined ? 'without a Count' : 'with Count 1';
    const isOnce = startsOnce(job, target.bacalhau);
    for (const input of job.task?.inputs ?? []) {
      const at = input.source?.params.get('Partition');
      const partition = sourceType(input) === 's3' ? s3Partition(input.source) : undefined;
      if (at === undefined || partition === undefined || !('by' in partition) || partition.by === 'none') continue;
      if (isOnce) {
        yield { at, message: `The Partition divides nothing: ${one} there is one execution, which takes all objects.` };
      } else if (partition.by === 'date' && !hasDate(partition.layout)) {
        yield {
          at,
          severity: 'warning',
          message: `The DateFormat ${partition.layout} has no part of a date as Go writes it, so that all objects go to the first execution.`,
          remedy: 'Write it as the day 2006-01-02 is written in your keys: 2006/01/02 for 2024/12/31.',
        };
      }
    }
  },
});

/** Whether there is one execution. Before 1.6.5 a job without Count had none; a template may give one. */
function startsOnce(job: JobSpec, release: string): boolean {
  if (job.type?.value !== 'batch' && job.type?.value !== 'service') return false;
  if (job.count !== undefined) return job.count.value === 1;
  return job.unresolved.length === 0 && !isLeftOut(job, 'Count') && compareReleases(release, '1.6.5') >= 0;
}
