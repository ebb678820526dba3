import { join } from 'node:path';
import type Docker from 'dockerode';
import type { RunEvidence } from '../workload/run-evidence.js';
import { startCapture, type Capture } from './capture.js';
import { containerOptions } from './container-options.js';
import { runContainer, StartFailed } from './container-run.js';
import { endEvidence, engineFailure, notStarted } from './evidence.js';
import type { Frame } from './frames.js';
import { fillInputs } from './inputs.js';
import { labelsOf, type Labels } from './labels.js';
import { filesInVolumes, lostFiles } from './lost-files.js';
import { makeNetwork, type RunNetwork } from './network.js';
import { wasOpened } from './opened.js';
import { isRefusal } from './refusal.js';
import { written } from './results.js';
import type { RunRequest, RunResult } from './run-request.js';
import { whyNotFound } from './program.js';
import { collectResults, isOver } from './collect.js';
import { signsIn } from './signs.js';
import { failureInOutput } from './start-failure.js';
import { removeRun, sweep } from './sweep.js';
import { makeVolumes, type Volumes } from './volumes.js';

/**
 * Runs a plan as a node would, and gives what was seen. Nothing that it made is left in the engine, unless `keep` says
 * so, or the process is killed: then the next run removes it.
 *
 * @throws CannotRun, CannotStage when it could not be tried; the signal's reason when it was stopped
 */
export async function run(docker: Docker, request: RunRequest): Promise<RunResult> {
  const labels = labelsOf(request.id, { keep: request.keep, timeLimit: request.limits.time });
  const made: { network?: RunNetwork } = {};
  let isKept = false;
  try {
    const result = await runWith(docker, request, labels, made);
    isKept = request.keep && result.container !== undefined;
    return result;
  } finally {
    made.network?.gateway?.close();
    if (!isKept) await removeOrTell(docker, request);
  }
}

/** What it throws would hide how the run ended. */
async function removeOrTell(docker: Docker, { id, events }: RunRequest): Promise<void> {
  try {
    await removeRun(docker, id);
  } catch {
    events.onNote('the engine did not answer when all was to be removed; the next dry run removes what is left');
  }
}

async function runWith(
  docker: Docker,
  request: RunRequest,
  labels: Labels,
  made: { network?: RunNetwork },
): Promise<RunResult> {
  const { plan, signal } = request;
  // Side by side with the rest; what a killed run left may hold a port that is wanted.
  const swept = sweep(docker);
  swept.catch(() => undefined); // looked at below, where something was made
  if (plan.network.mode === 'http' && plan.network.domains.length === 0) {
    return { evidence: notStarted(request, { cause: 'no-domains', said: 'at least one domain is required' }) };
  }
  const count = plan.inputs.length + plan.results.length;
  const volumes = await makeVolumes(docker, { image: plan.image, count, run: request.id, labels, signal });
  const inputs = await fillInputs(request, volumes);
  const first = plan.inputs.length;
  const results = plan.results.map(({ path }, index) => volumes.mountFolder(first + index, path, true));
  made.network = await makeNetwork(docker, plan, { run: request.id, labels, allowedHosts: request.allowedHosts });
  const options = containerOptions(plan, {
    mounts: [...inputs.mounts, ...results],
    network: made.network.name,
    env: made.network.env,
    labels,
    hardened: request.hardened,
    limits: request.limits,
  });
  await swept;
  signal.throwIfAborted();
  let container: Docker.Container;
  try {
    // Not cut off by the signal: the engine would make it all the same, after everything was removed.
    container = await docker.createContainer(options);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { evidence: notStarted(request, engineFailure(error)) };
  }
  const capture = { stdout: captureOf('stdout', request), stderr: captureOf('stderr', request) };
  const inspected = await container.inspect();
  const command = [inspected.Path, ...inspected.Args].filter((word, index) => index > 0 || word !== '');
  request.events.onStart(command);
  try {
    const end = await runContainer(docker, container, {
      capture,
      onOutput: request.events.onOutput,
      ...(plan.timeoutSeconds === undefined ? {} : { timeout: plan.timeoutSeconds }),
      timeLimit: request.limits.time,
      outputExceeds: () => isOver(docker, volumes.names.slice(first), request.limits.outputBytes),
      signal,
    });
    const stderr = capture.stderr.text();
    const failure = end.ended === 'exited' ? failureInOutput(end.exitCode, stderr) : undefined;
    const mounted = [...plan.inputs.map(({ target }) => target), ...plan.results.map(({ path }) => path)];
    // Side by side: each is a question to the engine, and none touches what another looks at.
    const [results, lost, lostInVolumes, seen] = await Promise.all([
      collectResults(volumes, request, first),
      lostFiles(container, mounted, signal),
      filesInVolumes(container, volumes.names, { mostBytes: request.limits.outputBytes, signal }),
      withOpened(inputs.seen, volumes, request.bind),
    ]);
    for (const text of made.network.gateway?.withheld() ?? []) request.events.onNote(text);
    const evidence = endEvidence(request, end, {
      command,
      ...(failure === undefined ? {} : { notStarted: await whyNotFound(container, failure, command) }),
      stdout: capture.stdout.result(),
      stderr: capture.stderr.result(),
      signs: signsIn(`${stderr}\n${capture.stdout.text()}`),
      results,
      lost: [...lost, ...lostInVolumes],
      inputs: seen,
      refused: made.network.gateway?.refused() ?? [],
      metFileLimit: FILE_LIMIT.test(stderr),
    });
    return { evidence, container: container.id };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!(error instanceof StartFailed)) throw error;
    const failure = await whyNotFound(container, engineFailure(error), command);
    return { evidence: notStarted(request, failure), container: container.id };
  } finally {
    capture.stdout.close();
    capture.stderr.close();
  }
}

function captureOf(channel: Frame['channel'], { output }: RunRequest): Capture {
  return output === undefined ? startCapture() : written(channel, () => startCapture(join(output, channel)));
}

/**
 * What the system says when a file may grow no further (EFBIG, SIGXFSZ), which only the dry run limits: at the end of a
 * line, as libraries put it. A server that finds an upload too large says more.
 */
const FILE_LIMIT = /: file too large$|\bEFBIG\b|\[Errno 27\]|file size limit exceeded/im;

/** Adds whether the program opened anything of each input; of those that are mounted in place it is not known. */
async function withOpened(
  seen: RunEvidence['inputs'],
  volumes: Volumes,
  bind: boolean,
): Promise<RunEvidence['inputs']> {
  if (bind) return seen;
  return Promise.all(
    seen.map(async (input, index) => {
      const opened = await wasOpened(await volumes.mountpoint(index));
      return opened === undefined ? input : { ...input, opened };
    }),
  );
}
