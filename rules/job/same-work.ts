import { defineRule } from '../../src/check/rule.js';
import type { Task } from '../../src/job/job-spec.js';
import { s3Partition } from '../../src/job/s3-partition.js';
import { sourceType } from '../../src/job/source-params.js';
import { compareReleases } from '../../src/target/release.js';

const PARTITION = 'BACALHAU_PARTITION_';

const jobWith = ({ type = 'batch', count = 3, command = 'count /inputs', partition = '' } = {}): string => `
Name: wordcount
Type: ${type}
Count: ${String(count)}
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/wordcount:1.4, Entrypoint: [/bin/sh, -c], Parameters: ['${command}'] } }
    InputSources:
      - { Target: /inputs, Source: { Type: s3, Params: { Bucket: acme, Key: docs/${partition} } } }
`;

export default defineRule({
  id: 'job/same-work',
  stage: 'results',
  severity: 'info',
  title: 'Every execution does the same work',
  why:
    'Count starts the whole job as often as it says, each time with all of its inputs. Bacalhau divides nothing by ' +
    'itself: since 1.6.1 a program can read BACALHAU_PARTITION_INDEX and BACALHAU_PARTITION_COUNT, and an S3 input can ' +
    'have a Partition; before there was no way. `bacalhau job get` then finds the same names in each result, and stops ' +
    'without --raw.',
  remedy: 'Give an S3 input a Partition, let the program read BACALHAU_PARTITION_INDEX, or take Count away.',
  examples: {
    bad: [
      { job: jobWith(), expect: { stage: 'results', severity: 'info', at: '3', message: '3 executions' } },
      {
        command: 'bacalhau docker run --count 2 acme/wordcount:1.4',
        expect: { stage: 'results', severity: 'info', at: '2' },
      },
      {
        title: 'before, no program could know which it is',
        job: jobWith(),
        target: '1.5',
        expect: { stage: 'results', severity: 'info', message: 'nothing divides it.' },
      },
    ],
    good: [
      { job: jobWith({ count: 1 }) },
      { title: 'copies of a service share its requests', job: jobWith({ type: 'service' }) },
      { job: jobWith({ partition: ', Partition: { Type: object }' }) },
      { job: jobWith({ command: 'count /inputs/part-$BACALHAU_PARTITION_INDEX' }) },
      {
        title: 'each node has a folder of its own',
        job: jobWith().replace('s3, Params: { Bucket: acme, Key: docs/', 'local, Params: { SourcePath: /var/log'),
      },
      {
        title: 'what a Partition would be is told of the Partition',
        job: jobWith({ partition: ', Partition: { Type: regex }' }),
      },
    ],
  },
  *check({ job, target, workload }) {
    const { count, task } = job ?? {};
    if (count === undefined || task === undefined || count.value < 2 || job?.type?.value !== 'batch') return;
    if (isDivided(task) || workload?.variables.some(({ name }) => name.startsWith(PARTITION)) === true) return;
    const unless = compareReleases(target.bacalhau, '1.6.1') < 0 ? '' : `, unless the program reads ${PARTITION}INDEX`;
    yield {
      at: count,
      confidence: 'medium',
      message: `The ${String(count.value)} executions all do the same work: nothing divides it${unless}.`,
    };
  },
});

/** Whether something visible gives each execution a part of its own, as what lies on its node may be. */
function isDivided({ engine, env, inputs }: Task): boolean {
  const partitions = inputs.filter((input) => sourceType(input) === 's3').map(({ source }) => s3Partition(source));
  const { entrypoint, parameters, environmentVariables = [] } = engine?.docker ?? {};
  const words = [...(entrypoint?.items ?? []), ...(parameters?.items ?? []), ...environmentVariables];
  const values = [...words, ...env.map(({ value }) => value)];
  return (
    inputs.some((input) => ['local', 'localdirectory'].includes(sourceType(input) ?? '')) ||
    partitions.some((partition) => !('by' in partition) || partition.by !== 'none') ||
    values.some(({ value }) => value.includes(PARTITION))
  );
}
