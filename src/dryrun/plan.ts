import type { InputSource, JobProblemKind, JobSpec, Network, Port, Task } from '../job/job-spec.js';
import { inputMounts, resultMounts, type InputMount } from '../job/mounts.js';
import { readBytes, readCpu } from '../job/validate-resources.js';
import { compareReleases } from '../target/release.js';
import type { Target } from '../target/target.js';
import { resolvePath } from '../text/posix-path.js';
import type { NodeLayout } from './local-input.js';

/** What a node would hand to its engine, as plain data; nothing of it is decided later. */
export interface RunPlan {
  /** As the engine knows it. */
  readonly image: string;
  /** Absent means the image's own; given, it clears the image's CMD (`pkg/executor/docker`). */
  readonly entrypoint?: readonly string[];
  /** Absent means the image's own, where no entrypoint is given. */
  readonly parameters?: readonly string[];
  /** `KEY=value`, in the node's order: a later one wins. */
  readonly env: readonly string[];
  /** Variables that only a node can fill in (`env:NAME`). */
  readonly nodeEnv: readonly string[];
  readonly workingDir?: string;
  readonly cpus: number;
  readonly cpusRequested: boolean;
  readonly memoryBytes: number;
  readonly memoryRequested: boolean;
  readonly diskBytes?: number;
  /** Seconds until a node stops it. */
  readonly timeoutSeconds?: number;
  readonly network: PlannedNetwork;
  readonly inputs: readonly PlannedInput[];
  readonly results: readonly PlannedResult[];
  /** Which of the job's executions this is; absent before 1.6.1, when they were all alike. */
  readonly partition?: Partition;
}

/** One of several executions of a job. */
export interface Partition {
  /** From 0. */
  readonly index: number;
  /** The Count of the job; 0 for jobs that run on all nodes. */
  readonly count: number;
}

export interface PlannedNetwork {
  readonly mode: 'none' | 'bridge' | 'host' | 'http';
  /** Mode `http` only. */
  readonly domains: readonly string[];
  /** Mode `bridge` only: ports of the container that are published, TCP. */
  readonly ports: readonly { readonly name: string; readonly hostPort: number; readonly containerPort: number }[];
}

export interface PlannedInput {
  /** Absolute and clean. */
  readonly target: string;
  readonly layout: NodeLayout;
  readonly writable: boolean;
  /** The file or folder that the user puts in its place. */
  readonly replacement?: string;
  /** Absent for an input that only `--input` makes. */
  readonly source?: InputSource;
  /** The execution by which a node divides the source; absent when it does not. */
  readonly partition?: Partition;
}

export interface PlannedResult {
  readonly name: string;
  /** Absolute and clean. */
  readonly path: string;
}

/** What the user says beside the job. */
export interface PlanOptions {
  readonly target: Target;
  /** The image as the engine knows it. */
  readonly image: string;
  /** `--input`: absolute target to path. */
  readonly replacements: ReadonlyMap<string, string>;
  /** Whether replacements may stand for inputs that the job does not have. */
  readonly addsInputs: boolean;
  /** Gives a host port for a port that names none. */
  readonly freePort: () => number;
  /** For the IDs that Bacalhau makes up. */
  readonly id: string;
  /** `--partition`: which of the job's executions is run, from 0. */
  readonly partition?: number;
}

/** A job that no container can be made of; `reason` is half a sentence. */
export interface CannotPlan {
  readonly reason: string;
  /** Whether the mistake is in the flags and not in the job. */
  readonly isUsage?: boolean;
}

/**
 * Says what a node would run for a job (facts of release 1.9: `pkg/executor/docker`, `pkg/compute/envvars.go`).
 *
 * @throws nothing: a job that cannot be planned gives the reason
 */
export function planRun(job: JobSpec, options: PlanOptions): RunPlan | CannotPlan {
  const { task } = job;
  const docker = task?.engine?.docker;
  if (task === undefined) return { reason: 'the job has no task that could be read' };
  if (docker === undefined) return { reason: 'only jobs with a docker engine run here' };
  const unread = job.problems.find(({ kind }) => UNREADABLE.has(kind));
  if (unread !== undefined) return { reason: 'no node could read this job' };
  const [unresolved] = job.unresolved;
  if (unresolved !== undefined) {
    return { reason: `the variable ${unresolved.value} has no value (--var ${unresolved.value}=VALUE)` };
  }
  const since = (release: string): boolean => compareReleases(options.target.bacalhau, release) >= 0;
  const partition = partitionOf(job, options);
  if (partition !== undefined && 'reason' in partition) return partition;
  const network = networkOf(task.network, options);
  const results = resultMounts(task).map(({ path, result }) => ({ path, name: result.name?.value.trim() ?? '' }));
  const badName = results.find(({ name }) => !isFolderName(name));
  if (badName !== undefined) return { reason: `a node can make no folder named "${badName.name}" for a result path` };
  const inputs = inputsOf(task, options, dividing(job, partition, since));
  if ('reason' in inputs) return inputs;
  const entrypoint = docker.entrypoint?.items.map(({ value }) => value) ?? [];
  const parameters = docker.parameters?.items.map(({ value }) => value) ?? [];
  const workingDir = docker.workingDirectory?.value ?? '';
  const cpu = readCpu(plain(task.resources.cpu?.value));
  const memory = readBytes(plain(task.resources.memory?.value));
  const disk = readBytes(plain(task.resources.disk?.value));
  const timeoutSeconds = timeoutOf(job, task);
  const taskEnv = since('1.6.1') ? task.env.map(({ name, value }) => ({ name: name.value, value: value.value })) : [];
  const isNodeEnv = ({ value }: { value: string }): boolean => since('1.6.4') && value.startsWith('env:');
  return {
    image: options.image,
    ...(entrypoint.length > 0 ? { entrypoint } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    env: [
      ...taskEnv.filter((entry) => !isNodeEnv(entry)).map(({ name, value }) => `${name}=${value}`),
      ...(partition === undefined ? [] : systemEnv(job, network, partition, options.id)),
      ...docker.environmentVariables.map(({ value }) => value).filter((text) => text.includes('=')),
    ],
    nodeEnv: taskEnv.filter(isNodeEnv).map(({ name }) => name),
    ...(workingDir === '' ? {} : { workingDir }),
    cpus: isPositive(cpu) ? cpu : 0.5,
    cpusRequested: isPositive(cpu),
    memoryBytes: Math.floor(isPositive(memory) ? memory : defaultMemory(since)),
    memoryRequested: isPositive(memory),
    ...(isPositive(disk) ? { diskBytes: disk } : {}),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    network,
    inputs,
    results,
    ...(partition === undefined ? {} : { partition }),
  };
}

/** Problems that leave nothing to run: what is left of the job would be another one. */
const UNREADABLE: ReadonlySet<JobProblemKind> = new Set(['syntax', 'template', 'legacy-format', 'engine-params']);

/** The folder of a result lies beside the files that the node itself writes. */
function isFolderName(name: string): boolean {
  return name !== '' && !name.includes('/') && !['.', '..', 'stdout', 'stderr', 'exitCode'].includes(name);
}

/** `pkg/config/defaults.go`: 512Mb since 1.6.1, 1Gb from about 1.1.3, 100Mi before; the units are decimal. */
function defaultMemory(since: (release: string) => boolean): number {
  if (since('1.6.1')) return 512e6;
  return since('1.1.3') ? 1e9 : 100 * 2 ** 20;
}

function plain(text = ''): string {
  return text.toLowerCase().replaceAll(' ', '');
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && value > 0;
}

/** Daemon and service jobs have none; else the nearer of the execution's and the whole job's. */
function timeoutOf({ type }: JobSpec, { timeouts }: Task): number | undefined {
  if (type?.value === 'daemon' || type?.value === 'service') return undefined;
  const given = [timeouts.execution?.value, timeouts.total?.value].filter(isPositive);
  return given.length === 0 ? undefined : Math.min(...given);
}

function networkOf(network: Network | undefined, { target, freePort }: PlanOptions): PlannedNetwork {
  const none = { domains: [], ports: [] };
  switch (network?.type?.value.trim().toLowerCase() ?? '') {
    case 'none':
      return { mode: 'none', ...none };
    case 'host':
    case 'full':
      return { mode: 'host', ...none };
    case 'http':
      return { ...none, mode: 'http', domains: network?.domains.map(({ value }) => value) ?? [] };
    case 'bridge':
      return { ...none, mode: 'bridge', ports: (network?.ports ?? []).map((port) => portOf(port, freePort)) };
    default: {
      const isRefused = target.networkedJobs === 'no' || target.defaultNetwork === 'None';
      return { mode: isRefused ? 'none' : 'bridge', ...none };
    }
  }
}

function portOf(port: Port, freePort: () => number): PlannedNetwork['ports'][number] {
  const hostPort = isPositive(port.static?.value) ? port.static.value : freePort();
  const containerPort = isPositive(port.target?.value) ? port.target.value : hostPort;
  return { name: port.name?.value ?? '', hostPort, containerPort };
}

/** Jobs of these types have as many executions as there are nodes, and no Count. */
function runsOnAllNodes({ type }: JobSpec): boolean {
  return type?.value === 'ops' || type?.value === 'daemon';
}

/** Executions have numbers since 1.6.1. */
function partitionOf(job: JobSpec, { target, partition }: PlanOptions): Partition | CannotPlan | undefined {
  const wrong = (why: string): CannotPlan => ({ reason: `--partition ${String(partition)}: ${why}`, isUsage: true });
  if (compareReleases(target.bacalhau, '1.6.1') < 0) {
    return partition === undefined
      ? undefined
      : wrong(`Bacalhau ${target.bacalhau} has no partitions; they came with 1.6.1`);
  }
  const count = runsOnAllNodes(job) ? 0 : (job.count?.value ?? 1);
  const most = Math.max(0, count - 1);
  const index = partition ?? 0;
  if (index <= most) return { index, count };
  const which = runsOnAllNodes(job) ? `of type ${job.type?.value ?? ''}` : `with a Count of ${String(count)}`;
  return wrong(`a job ${which} has ${most === 0 ? 'only partition 0' : `partitions 0 to ${String(most)}`}`);
}

/** Gives the execution by which S3 inputs are divided. Since 1.6.5 jobs on all nodes have a Count of 0, by which none can be. */
function dividing(
  job: JobSpec,
  partition: Partition | undefined,
  since: (release: string) => boolean,
): Partition | undefined {
  if (partition === undefined || partition.count > 0) return partition;
  return runsOnAllNodes(job) && since('1.6.5') ? partition : undefined;
}

/** What the node itself adds since 1.6.1 (`pkg/compute/envvars.go`). */
function systemEnv(job: JobSpec, { ports }: PlannedNetwork, { index, count }: Partition, id: string): string[] {
  const type = job.type?.value ?? 'batch';
  return [
    `BACALHAU_EXECUTION_ID=e-${id}`,
    `BACALHAU_JOB_ID=j-${id}`,
    `BACALHAU_JOB_TYPE=${type}`,
    `BACALHAU_PARTITION_INDEX=${String(index)}`,
    `BACALHAU_PARTITION_COUNT=${String(count)}`,
    ...ports.flatMap(({ name, hostPort, containerPort }) => [
      `BACALHAU_HOST_PORT_${name}=${String(hostPort)}`,
      `BACALHAU_PORT_${name}=${String(containerPort)}`,
    ]),
  ];
}

function inputsOf(
  task: Task,
  { replacements, addsInputs }: PlanOptions,
  partition: Partition | undefined,
): PlannedInput[] | CannotPlan {
  const mounts = inputMounts(task);
  if (mounts.length < task.inputs.length) return { reason: 'an input has no Target that a container could have' };
  const planned = mounts.map((mount): PlannedInput => {
    const replacement = replacements.get(mount.path);
    return {
      target: mount.path,
      layout: layoutOf(mount),
      writable: mount.writable,
      source: mount.input,
      ...(replacement === undefined ? {} : { replacement }),
      ...(partition === undefined || mount.type !== 's3' ? {} : { partition }),
    };
  });
  const known = new Set(planned.map(({ target }) => target));
  const added = [...replacements].filter(([target]) => !known.has(resolvePath('/', target)));
  const [first] = added;
  if (first !== undefined && !addsInputs) {
    const has = known.size === 0 ? 'it has none' : `its inputs are at ${[...known].join(', ')}`;
    return { reason: `the job has no input at ${first[0]}; ${has}`, isUsage: true };
  }
  return [
    ...planned,
    ...added.map(([target, replacement]): PlannedInput => ({
      target,
      layout: { shape: 'folder', folderMode: 0o755, modes: { file: 0o644, folder: 0o755 } },
      writable: true,
      replacement,
    })),
  ];
}

const FILE_MODES = { file: 0o644, folder: 0o755 };

/** Modes as the sources make them: 0700 for the folder of S3, 0600 for an inline file; local paths are as they are. */
function layoutOf({ type, shape, path, file }: InputMount): NodeLayout {
  const fileName = file?.slice(path === '/' ? 1 : path.length + 1);
  const named = fileName === undefined ? {} : { fileName };
  switch (type) {
    case 's3':
      return { shape, ...named, folderMode: 0o700, modes: FILE_MODES };
    case 'inline':
      return { shape, folderMode: 0o755, modes: { file: 0o600, folder: 0o755 } };
    case 'local':
    case 'localdirectory':
      return { shape, folderMode: 0o755 };
    default:
      return { shape, ...named, folderMode: 0o755, modes: FILE_MODES };
  }
}
