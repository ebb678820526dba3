import { defineRule } from '../../src/check/rule.js';
import { s3Partition } from '../../src/job/s3-partition.js';
import { sourceType } from '../../src/job/source-params.js';

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
      { title: 'other types of job have no Count', job: jobWith('', '{ Type: object }').replace('batch', 'ops') },
    ],
  },
  *check({ job }) {
    const { count, type } = job ?? {};
    if ((type?.value !== 'batch' && type?.value !== 'service') || (count !== undefined && count.value !== 1)) return;
    for (const input of job?.task?.inputs ?? []) {
      const at = input.source?.params.get('Partition');
      const partition = sourceType(input) === 's3' ? s3Partition(input.source) : undefined;
      if (at === undefined || partition === undefined || !('by' in partition) || partition.by === 'none') continue;
      const one = count === undefined ? 'without a Count' : 'with Count 1';
      yield { at, message: `The Partition divides nothing: ${one} there is one execution, which takes all objects.` };
    }
  },
});
