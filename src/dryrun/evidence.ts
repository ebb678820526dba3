import type { NotStarted, RunEvidence } from '../workload/run-evidence.js';
import { CannotRun } from './cannot-run.js';
import type { ContainerEnd } from './container-run.js';
import type { RunRequest } from './run-request.js';
import { engineWords } from './refusal.js';
import { startFailure } from './start-failure.js';

/** What was seen of a container that ended, beside how it ended. */
export interface SeenAtEnd extends Pick<
  RunEvidence,
  'command' | 'notStarted' | 'stdout' | 'stderr' | 'signs' | 'results' | 'lost' | 'inputs'
> {
  readonly refused: readonly string[];
  /** Whether the program was kept from making a file larger. */
  readonly metFileLimit: boolean;
}

/** Gives the evidence of a container that was started and has ended. */
export function endEvidence(request: RunRequest, end: ContainerEnd, seen: SeenAtEnd): RunEvidence {
  const { refused, metFileLimit, ...rest } = seen;
  const evidence = { ...base(request), ...rest, seconds: end.seconds };
  const { usage } = end;
  const measured: RunEvidence = {
    ...evidence,
    ended: 'exited',
    memory: { ...evidence.memory, ...(usage.peakBytes === undefined ? {} : { peakBytes: usage.peakBytes }) },
    cpu: {
      ...evidence.cpu,
      ...(usage.cores === undefined ? {} : { used: usage.cores }),
      ...(usage.throttled === undefined ? {} : { throttled: usage.throttled }),
    },
    network: { ...evidence.network, refused },
  };
  if (seen.notStarted !== undefined) return { ...measured, ended: 'not-started' };
  switch (end.ended) {
    case 'exited':
      return metFileLimit || wroteTooMuch(request, seen)
        ? { ...measured, ended: 'limit', limit: 'results', exitCode: end.exitCode }
        : { ...measured, exitCode: end.exitCode };
    case 'memory':
      return { ...measured, ended: 'memory', exitCode: end.exitCode };
    case 'timeout':
      return { ...measured, ended: 'timeout' };
    case 'time-limit':
      return { ...measured, ended: 'limit', limit: 'time' };
    case 'output-limit':
      return { ...measured, ended: 'limit', limit: 'results' };
  }
}

/** Gives the evidence of a container that never ran. */
export function notStarted(request: RunRequest, failure: NotStarted): RunEvidence {
  return { ...base(request), ended: 'not-started', notStarted: failure };
}

/**
 * Reads why the engine did not create or start the container.
 *
 * @throws CannotRun when that seems to be no fault of the job
 */
export function engineFailure(error: unknown): NotStarted {
  const said = error instanceof Error ? error.message : String(error);
  const failure = startFailure(said);
  if (failure !== undefined) return failure;
  throw new CannotRun(`the Docker engine did not start the container: ${engineWords(said)}`);
}

/** The limit on a single file holds exactly, wherever it lies; its signal does not reach the first process of a container. */
function wroteTooMuch({ limits }: RunRequest, { results, lost }: SeenAtEnd): boolean {
  const total = results.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
  const isFull = lost.some(({ bytes = 0 }) => bytes >= limits.outputBytes);
  return isFull || results.some(({ cut }) => cut) || total >= limits.outputBytes;
}

function base({ plan, hardened, user }: RunRequest): Omit<RunEvidence, 'ended'> {
  return {
    command: [...(plan.entrypoint ?? []), ...(plan.parameters ?? [])],
    seconds: 0,
    memory: { limitBytes: plan.memoryBytes, requested: plan.memoryRequested },
    cpu: { limit: plan.cpus, requested: plan.cpusRequested },
    ...(plan.timeoutSeconds === undefined ? {} : { timeout: { seconds: plan.timeoutSeconds } }),
    hardened,
    user,
    network: { mode: plan.network.mode, allowed: plan.network.domains, refused: [] },
    stdout: { bytes: 0, cut: false },
    stderr: { bytes: 0, cut: false },
    results: [],
    lost: [],
    inputs: [],
    signs: [],
    ...(plan.diskBytes === undefined ? {} : { disk: plan.diskBytes }),
  };
}
