import type { RunEvidence } from '../workload/run-evidence.js';
import type { SafetyLimits } from './container-options.js';
import type { FetchOptions } from './fetch/fetching.js';
import type { Frame } from './frames.js';
import type { PlannedInput, RunPlan } from './plan.js';
import type { StagedInput } from './staged-input.js';
import type { Progress } from './tar-of-input.js';

/** What is told while a run goes on. */
export interface RunEvents {
  /** Told before the source of an input is asked. */
  readonly onAsk: (input: PlannedInput) => void;
  readonly onInput: (input: PlannedInput, staged: StagedInput) => void;
  readonly onInputProgress: (input: PlannedInput, done: Progress, staged: StagedInput) => void;
  readonly onInputDone: (input: PlannedInput, seconds: number) => void;
  /** Given the words of the command as the container gets them. */
  readonly onStart: (command: readonly string[]) => void;
  readonly onOutput: (frame: Frame) => void;
  /** Told what a person should know of the run, and not of the job: a sentence. */
  readonly onNote: (text: string) => void;
}

export interface RunRequest {
  readonly plan: RunPlan;
  /** Unique to this run; part of the names of what it makes. */
  readonly id: string;
  readonly limits: SafetyLimits;
  readonly hardened: boolean;
  /** Leaves the container, its volumes and its network for a look. */
  readonly keep: boolean;
  /** Mounts replacements read-only in place instead of copying them. */
  readonly bind: boolean;
  readonly allowedHosts: readonly string[];
  /** How inputs are fetched that nothing was put in place of. */
  readonly fetching: FetchOptions;
  /** An empty folder for results, stdout and stderr. */
  readonly output?: string;
  readonly user: string;
  readonly signal: AbortSignal;
  readonly events: RunEvents;
}

export interface RunResult {
  readonly evidence: RunEvidence;
  /** With `keep`: the ID of the container. */
  readonly container?: string;
}
