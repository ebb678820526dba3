import { compareReleases } from '../target/release.js';
import type { JobProblem, JobSpec, Task } from './job-spec.js';
import { bad, start } from './problem.js';
import type { ObjectShape, Shape } from './schema.js';
import { entryOf, isNull, type DataNode, type MapNode } from './tree.js';

type Draft = Omit<JobSpec, 'problems'>;

/**
 * Gives what a release makes of a job that newer ones take: what is dropped or meant something else. Each release is
 * the first in which it is as people expect (release notes and `pkg/models` of the tags).
 */
export function releaseProblems(job: Draft, release: string): JobProblem[] {
  const before = (first: string): boolean => compareReleases(release, first) < 0;
  const { task, origin } = job;
  if (task === undefined) return [];
  return [
    ...(before('1.6.1') && origin === 'spec' ? envDropped(task, release) : []),
    ...(before('1.6.4') && !before('1.6.1') ? hostReferences(task, release) : []),
    ...(before('1.8.0') ? managedPublisher(job, task, release) : []),
  ];
}

function envDropped({ env, engine }: Task, release: string): JobProblem[] {
  const [first] = env;
  if (first === undefined || engine?.docker === undefined) return [];
  const message = `Bacalhau ${release} takes Env and does not hand it to docker containers, which it does since 1.6.1: the program gets none of these variables; put them into the engine's EnvironmentVariables`;
  return [{ kind: 'ignored-key', at: first.name, severity: 'error', message }];
}

function hostReferences({ env }: Task, release: string): JobProblem[] {
  return env.flatMap(({ name, value }) => {
    if (!value.value.startsWith('env:')) return [];
    const message = `Bacalhau ${release} hands the text ${value.value} itself to the program as ${name.value}; only since 1.6.4 does it stand for a variable of the node`;
    return [bad(value, message, { stage: 'run', severity: 'warning' })];
  });
}

/** In a spec it is accepted, and no node has it; that is told by what the target offers. */
function managedPublisher({ origin }: Draft, { publisher }: Task, release: string): JobProblem[] {
  const type = publisher?.type;
  if (origin !== 'command' || type?.value.trim().toLowerCase() !== 's3managed') return [];
  const message = `Bacalhau ${release} has no publisher s3managed, which came with 1.8`;
  return [{ kind: 'command-line', at: type, message, quote: 'unknown publisher type' }];
}

/** Before 1.6.5 a batch or service job without Count got 0 executions; the command line always gave 1. */
export function countProblems(root: MapNode, { type, count, at }: Draft, release: string): JobProblem[] {
  if (type?.value !== 'batch' && type?.value !== 'service') return [];
  const entry = entryOf(root, 'Count');
  if (count?.value === 0) {
    const message = `Count is 0, so that the ${type.value} job is accepted and runs nowhere`;
    return [bad(count, message, { stage: 'schedule', severity: 'warning' })];
  }
  if ((entry !== undefined && !isNull(entry.value)) || compareReleases(release, '1.6.5') >= 0) return [];
  const message = `the job has no Count, which Bacalhau ${release} takes for 0: the job is accepted and runs nowhere; write Count: 1`;
  return [{ kind: 'missing-field', at: start(at), stage: 'schedule', message }];
}

/** Before 1.4 numbers and booleans were taken where texts belong: gives the tree as those releases read it. */
export function withTexts(node: DataNode, shape: Shape): DataNode {
  switch (shape.kind) {
    case 'string':
      return node.kind !== 'scalar' || node.value === null ? node : { ...node, value: String(node.value) };
    case 'stringMap':
      return node.kind === 'map' ? mapped(node, () => ({ kind: 'string' })) : node;
    case 'list':
      return node.kind === 'list' ? { ...node, items: node.items.map((item) => withTexts(item, shape.item)) } : node;
    case 'object':
      return node.kind === 'map' ? mapWithTexts(node, shape) : node;
    default:
      return node;
  }
}

/** The same for a mapping. */
export function mapWithTexts(map: MapNode, { fields }: ObjectShape): MapNode {
  return mapped(map, (key) => fields.find(({ name }) => name.toLowerCase() === key.toLowerCase())?.shape);
}

function mapped(map: MapNode, shapeOf: (key: string) => Shape | undefined): MapNode {
  const entries = map.entries.map(({ key, value }) => {
    const shape = shapeOf(key.value);
    return { key, value: shape === undefined ? value : withTexts(value, shape) };
  });
  return { ...map, entries };
}
