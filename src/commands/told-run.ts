import type { Facts } from '../check/rule.js';
import type { MissingFacts } from '../check/judge.js';
import type { Subject } from '../check/subject.js';
import type { SafetyLimits } from '../dryrun/container-options.js';
import { dryRun } from '../dryrun/dry-run.js';
import { nodeGivesUp } from '../dryrun/fetch/deadline.js';
import type { FetchOptions } from '../dryrun/fetch/fetching.js';
import { fileErrorText } from '../dryrun/file-error.js';
import { makeOutputFolder, type OutputFolder } from '../dryrun/output-folder.js';
import type { PlannedInput, RunPlan } from '../dryrun/plan.js';
import type { StagedInput } from '../dryrun/staged-input.js';
import { colours } from '../report/colour.js';
import {
  askingTexts,
  commandText,
  endText,
  narrator,
  progressTexts,
  resultTree,
  type Narrator,
} from '../report/dry-run.js';
import { placeOf } from '../report/overview.js';
import { sizeText } from '../text/size.js';
import type { RunEvidence } from '../workload/run-evidence.js';
import { UsageError } from './core.js';
import { outputFailed } from './standard-streams.js';

/** Flags that a run depends on, and what was made of them. */
export interface ToldRunOptions {
  readonly id: string;
  readonly limits: SafetyLimits;
  readonly platforms: readonly string[];
  readonly format: string;
  readonly pull: 'never' | 'missing';
  readonly output?: string | undefined;
  readonly bind: boolean;
  readonly harden: boolean;
  readonly keep: boolean;
  readonly fetching: FetchOptions;
  /** Whether a pull may send the credentials of the user's Docker config. */
  readonly credentials: boolean;
}

export interface ToldRun {
  readonly facts: Facts;
  readonly missing: MissingFacts;
  readonly evidence?: RunEvidence;
  /** Why it could not be tried. */
  readonly problem?: string;
}

/** Signals that ask a program to end; the run cleans up first. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Two signals within this time are one. */
const SAME_SIGNAL_MS = 1000;

class Stopped extends Error {
  constructor(readonly by: NodeJS.Signals) {
    super(`stopped by ${by}`);
  }
}

/**
 * Runs a plan and tells it row by row: on standard output above a report for people, else on standard error. When a
 * signal comes, everything is removed and the process ends by that signal.
 */
export async function runAndTell(subject: Subject, plan: RunPlan, options: ToldRunOptions): Promise<ToldRun> {
  const stream = options.format === 'pretty' ? process.stdout : process.stderr;
  const told = narrator(stream, await colours(process.env, stream.isTTY));
  const folder = options.output === undefined ? undefined : makeOutputFolder(options.output);
  if (folder !== undefined && 'problem' in folder) throw new UsageError(folder.problem);
  const controller = new AbortController();
  let stoppedAt: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    // npm passes on what the terminal has sent already: only what comes later was meant as a second one.
    if (stoppedAt !== undefined && performance.now() - stoppedAt > SAME_SIGNAL_MS) leave(signal);
    if (stoppedAt !== undefined) return;
    stoppedAt = performance.now();
    controller.abort(new Stopped(signal));
  };
  /** An engine that does not answer must not hold up a user who has had enough: the next run removes what is left. */
  const leave = (signal: NodeJS.Signals): void => {
    folder?.discard();
    for (const each of SIGNALS) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  };
  // A reader that has gone away must not end the process before everything is removed, however often it is missed.
  const closed = (): void => {
    if (stoppedAt === undefined) stop('SIGHUP');
  };
  process.stdout.removeAllListeners('error');
  for (const each of [process.stdout, process.stderr]) each.on('error', closed);
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await runIn(folder, { subject, plan, options, told, signal: controller.signal });
  } catch (error) {
    told.endOutput();
    folder?.discard();
    if (!(error instanceof Stopped)) throw error;
    for (const signal of SIGNALS) process.removeListener(signal, stop);
    process.kill(process.pid, error.by);
    return await new Promise(() => undefined); // the signal ends the process
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, stop);
    for (const each of [process.stdout, process.stderr]) each.removeListener('error', closed);
    process.stdout.on('error', outputFailed);
  }
}

interface Telling {
  readonly subject: Subject;
  readonly plan: RunPlan;
  readonly options: ToldRunOptions;
  readonly told: Narrator;
  readonly signal: AbortSignal;
}

async function runIn(folder: OutputFolder | undefined, telling: Telling): Promise<ToldRun> {
  const { subject, plan, options, told, signal } = telling;
  if (subject.image === undefined) throw new Error('a plan has an image');
  if (plan.nodeEnv.length > 0) {
    told.row('env', `${plan.nodeEnv.join(', ')} is read from the environment of the node; here it is not set`);
  }
  const { partition } = plan;
  if (partition !== undefined && partition.count > 1) {
    const [index, count] = [String(partition.index), String(partition.count)];
    told.row('note', `one of the job's ${count} executions is run, partition ${index}; --partition N runs another`);
  }
  if (options.harden) told.row('note', 'all capabilities are dropped, which a node does not do: results may differ');
  if (options.bind) told.row('note', 'inputs are mounted in place, read-only; a node gives a copy to write to');
  const notes: string[] = [];
  const { look, evidence, problem, container } = await dryRun({
    plan,
    id: options.id,
    limits: options.limits,
    hardened: options.harden,
    keep: options.keep,
    bind: options.bind,
    allowedHosts: options.fetching.allowedHosts,
    fetching: options.fetching,
    ...(folder === undefined ? {} : { output: folder.path }),
    image: subject.image,
    platforms: options.platforms,
    pull: options.pull,
    env: process.env,
    signal,
    credentials: options.credentials,
    pullEvents: {
      onPull: (account) =>
        told.row('pull', `${plan.image}${account ? '  with your credentials, which no node has' : ''}`),
      onProgress: (done, all) =>
        told.status(progressTexts(plan.image, { files: 0, bytes: done }, { files: 1, bytes: all })),
    },
    onImage: ({ platform }) => told.row('image', `${plan.image}  ${platform}  local`),
    events: {
      onAsk: ({ target, source }) => {
        if (source !== undefined) told.status(askingTexts(target, placeOf(source)));
      },
      onInput: (input, staged) => told.row('inputs', inputText(input, staged)),
      onInputProgress: (input, done, staged) => told.status(progressTexts(input.target, done, staged.total)),
      onInputDone: (input, seconds) => {
        const late = lateText(input, seconds);
        if (late !== undefined) told.row('note', late);
      },
      onStart: (command) => told.row('run', `${commandText(command)}   ${limitsText(plan)}`),
      onOutput: ({ channel, bytes }) => told.output(channel, bytes),
      onNote: (text) => notes.push(text),
    },
  });
  told.endOutput();
  for (const note of notes) told.row('note', note);
  const unwritten = evidence === undefined ? undefined : tellEnd(told, evidence, folder, options.output);
  if (evidence === undefined) folder?.discard();
  if (options.format === 'pretty') process.stdout.write('\n');
  if (options.keep && container !== undefined) tellKept(told, container, options.id);
  return {
    facts: look.facts,
    missing: look.missing,
    ...(evidence === undefined ? {} : { evidence }),
    ...(problem === undefined && unwritten === undefined ? {} : { problem: problem ?? unwritten }),
  };
}

/** @returns why the results have not got their place, where they have not */
function tellEnd(
  told: Narrator,
  run: RunEvidence,
  folder: OutputFolder | undefined,
  output: string | undefined,
): string | undefined {
  told.row('done', endText(run));
  const tree = resultTree(run);
  if (tree === undefined) {
    folder?.discard();
    if (run.ended !== 'not-started') told.row('results', 'none: a node publishes nothing of an execution that failed');
    return undefined;
  }
  try {
    folder?.finish(run.exitCode);
  } catch (error) {
    return `cannot write results to ${output ?? ''}: ${fileErrorText(error)}`;
  }
  told.row('results', output ?? 'as a node would publish them; --output DIR keeps them');
  for (const line of tree) told.row('', line);
  return undefined;
}

function tellKept(told: Narrator, container: string, id: string): void {
  told.row('kept', `container ${container.slice(0, 12)}; remove it and its volumes with`);
  told.row('', `docker rm -fv $(docker ps -aqf label=bacalhau-preflight.run=${id})`);
  told.row('', `docker volume rm $(docker volume ls -qf label=bacalhau-preflight.run=${id})`);
}

function inputText({ target, source, replacement }: PlannedInput, { description, total }: StagedInput): string {
  const amount = [
    total?.files === undefined ? '' : `${String(total.files)} ${total.files === 1 ? 'file' : 'files'}`,
    total?.bytes === undefined ? '' : sizeText(total.bytes),
    replacement !== undefined && source !== undefined ? `instead of ${placeOf(source)}` : '',
  ].filter((part) => part !== '');
  return `${description} → ${target}${amount.length === 0 ? '' : `  (${amount.join(', ')})`}`;
}

/** Said of an input that a node would not have waited for. */
function lateText({ source, replacement, target }: PlannedInput, seconds: number): string | undefined {
  if (source === undefined || replacement !== undefined) return undefined;
  const node = nodeGivesUp(source, seconds);
  return node === undefined ? undefined : `${target} took ${String(Math.round(seconds))} s to come; ${node}`;
}

function limitsText({ cpus, memoryBytes, network }: RunPlan): string {
  const reach = {
    none: 'no network',
    bridge: 'bridge network',
    host: 'host network',
    http: `HTTP to ${network.domains.join(', ')}`,
  }[network.mode];
  return `${String(cpus)} CPU, ${sizeText(memoryBytes)}, ${reach}`;
}
