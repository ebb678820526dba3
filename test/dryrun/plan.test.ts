import { describe, expect, test } from '@jest/globals';
import { dockerLine } from '../../src/dryrun/docker-line.js';
import { planRun, type PlanOptions, type RunPlan } from '../../src/dryrun/plan.js';
import { readCommandLine } from '../../src/job/command-line.js';
import { builtInTarget } from '../../src/target/built-in.js';
import { sourceText } from '../../src/text/source.js';

function options(release: string): PlanOptions {
  return {
    target: builtInTarget(release),
    image: 'a/b:1',
    replacements: new Map(),
    addsInputs: false,
    id: 'ID',
    freePort: () => 20_000,
  };
}

function planned(line: string, release = '1.9.3', more: Partial<PlanOptions> = {}): RunPlan {
  const source = sourceText('<command>', `bacalhau docker run ${line}`);
  const plan = planRun(readCommandLine(source, { release }), { ...options(release), ...more });
  if ('reason' in plan) throw new Error(plan.reason);
  return plan;
}

describe('what a node would run', () => {
  test.each([
    ['a/b:1', '1.9.3', 512e6],
    ['a/b:1', '1.6.0', 1e9],
    ['--memory 1Gi a/b:1', '1.9.3', 2 ** 30],
    ['--memory 512m a/b:1', '1.9.3', 512e6],
  ])('memory of %s on %s', (line, release, bytes) => expect(planned(line, release).memoryBytes).toBe(bytes));

  test.each([
    ['a/b:1', 0.5],
    ['--cpu 250m a/b:1', 0.25],
    ['--cpu 2 a/b:1', 2],
  ])('CPU of %s', (line, cpus) => expect(planned(line).cpus).toBe(cpus));

  test.each([
    ['a/b:1', '1.9.3', 'bridge'],
    ['a/b:1', '1.6.5', 'none'],
    ['--network none a/b:1', '1.9.3', 'none'],
    ['--network full a/b:1', '1.9.3', 'host'],
    ['--network http --domain example.org a/b:1', '1.9.3', 'http'],
  ])('network of %s on %s', (line, release, mode) => expect(planned(line, release).network.mode).toBe(mode));

  test('variables of the task come before those of Bacalhau, which are there since 1.6.1', () => {
    expect(planned('-e A=1 a/b:1').env).toEqual([
      'A=1',
      'BACALHAU_EXECUTION_ID=e-ID',
      'BACALHAU_JOB_ID=j-ID',
      'BACALHAU_JOB_TYPE=batch',
      'BACALHAU_PARTITION_INDEX=0',
      'BACALHAU_PARTITION_COUNT=1',
    ]);
    expect(planned('-e A=1 a/b:1', '1.6.0').env).toEqual([]);
  });

  test('one of the executions of a job with a Count is run', () => {
    expect(planned('--count 3 a/b:1').partition).toEqual({ index: 0, count: 3 });
    const { env, partition } = planned('--count 3 a/b:1', '1.9.3', { partition: 2 });
    expect(partition).toEqual({ index: 2, count: 3 });
    expect(env).toEqual(expect.arrayContaining(['BACALHAU_PARTITION_INDEX=2', 'BACALHAU_PARTITION_COUNT=3']));
    expect(planned('--target all a/b:1').env).toContain('BACALHAU_PARTITION_COUNT=0');
    expect(planned('--count 3 a/b:1', '1.6.0').partition).toBeUndefined();
  });

  test.each([
    ['--count 3 a/b:1', '1.9.3', 3, '--partition 3: a job with a Count of 3 has partitions 0 to 2'],
    ['a/b:1', '1.9.3', 1, '--partition 1: a job with a Count of 1 has only partition 0'],
    ['--target all a/b:1', '1.9.3', 1, '--partition 1: a job of type ops has only partition 0'],
    ['--count 3 a/b:1', '1.6.0', 1, '--partition 1: Bacalhau 1.6.0 has no partitions; they came with 1.6.1'],
  ])('%s on %s has no partition %d', (line, release, partition, reason) => {
    expect(() => planned(line, release, { partition })).toThrow(reason);
  });

  test('what only a node knows is named', () => {
    const { env, nodeEnv } = planned('-e TOKEN=env:TOKEN a/b:1');
    expect(nodeEnv).toEqual(['TOKEN']);
    expect(env.join()).not.toContain('TOKEN');
  });

  test('--timeout is the time of the whole job', () => expect(planned('--timeout 5 a/b:1').timeoutSeconds).toBe(5));

  test('a name that no folder can have is not run', () => {
    expect(() => planned('-p local -o stdout:/o a/b:1')).toThrow('no folder named "stdout"');
  });
});

test('--print quotes for a shell, and keeps the rule of the entrypoint', () => {
  const plan = planned(`--network none -w '/my dir' --entrypoint /bin/sh a/b:1 -- -c "echo 'it is'"`);
  const line = dockerLine(plan, { output: '/r', hardened: true, inputs: [{ source: '/a,b', target: '/in' }] });
  expect(line.replace(/ \\\n {2}/g, ' ').replace(/--env \S+ /g, '')).toBe(
    `docker run --rm --memory 512000000b --cpus 0.5 --network none --workdir '/my dir' --mount 'type=bind,"source=/a,b",target=/in,readonly' --cap-drop ALL --security-opt no-new-privileges --entrypoint /bin/sh a/b:1 -c 'echo '\\''it is'\\'''\n`,
  );
});
