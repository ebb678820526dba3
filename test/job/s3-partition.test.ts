import { expect, test } from '@jest/globals';
import { readJobSpec } from '../../src/job/read.js';
import { s3Partition, type S3Partition } from '../../src/job/s3-partition.js';
import { sourceText } from '../../src/text/source.js';

function read(Partition: unknown): { partition: ReturnType<typeof s3Partition>; problems: string[] } {
  const Source = { Type: 's3', Params: { Bucket: 'b', Key: 'k/', Partition } };
  const Engine = { Type: 'docker', Params: { Image: 'a/b:1' } };
  const Tasks = [{ Name: 'main', Engine, InputSources: [{ Target: '/in', Source }] }];
  const source = sourceText('job.json', JSON.stringify({ Name: 'x', Type: 'batch', Count: 2, Tasks }));
  const job = readJobSpec(source, { release: '1.9.3', variables: new Map() });
  const problems = job.problems.filter(({ kind }) => kind === 'source-params').map(({ message }) => message);
  return { partition: s3Partition(job.task?.inputs[0]?.source), problems };
}

test.each<[unknown, S3Partition]>([
  [undefined, { by: 'none' }],
  [null, { by: 'none' }],
  [{}, { by: 'none' }],
  [{ Type: 'none', Pattern: '[' }, { by: 'none' }],
  [{ type: 'object' }, { by: 'object' }],
  [
    { Type: 'regex', pattern: 'a+' },
    { by: 'regex', pattern: 'a+' },
  ],
  [
    { Type: 'substring', EndIndex: 3 },
    { by: 'substring', start: 0, end: 3 },
  ],
  [
    { Type: 'date', DateFormat: '2006-01' },
    { by: 'date', layout: '2006-01' },
  ],
])('%j', (params, expected) => expect(read(params)).toEqual({ partition: expected, problems: [] }));

test.each<[unknown, string]>([
  [{ Type: 'Object' }, '"Object" is no type of Partition (none, object, regex, substring or date)'],
  [{ Type: 'regex' }, 'a Partition of type regex needs a Pattern'],
  [{ Type: 'substring', StartIndex: -1, EndIndex: 2 }, 'StartIndex of this Partition is negative'],
  [{ Type: 'substring', StartIndex: 2, EndIndex: 2 }, 'EndIndex of this Partition is not greater than StartIndex'],
  [{ Type: 'date' }, 'a Partition of type date needs a DateFormat'],
  [{ Type: 'date', DateFormat: '201' }, 'the DateFormat "201" cannot read what it writes'],
])('%j is refused by nodes, and told before', (params, message) => {
  const { partition, problems } = read(params);
  expect(partition).toMatchObject({ message });
  expect(problems).toEqual([`${message}, and nodes refuse the job`]);
});

test.each<[unknown, string]>([
  ['object', 'Partition is no mapping'],
  [{ Type: 'substring', EndIndex: '3' }, 'EndIndex of this Partition is no number'],
  [{ Type: 1 }, 'Type of this Partition is no text'],
])('%j has a value of the wrong type', (params, message) => {
  const { partition, problems } = read(params);
  expect(partition).toMatchObject({ message });
  expect(problems).not.toEqual([]);
});
