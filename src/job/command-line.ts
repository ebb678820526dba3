import { NEWEST_RELEASE } from '../target/release.js';
import type { Place, SourceText } from '../text/source.js';
import { buildJob } from './command-line/build.js';
import { parseFlags } from './command-line/flags.js';
import { longDashProblems, refusedFlag, shellProblems, wrongCommand } from './command-line/habits.js';
import { splitLine, type Word } from './command-line/words.js';
import { readDockerLine } from './docker-line.js';
import type { JobProblem, JobSpec } from './job-spec.js';
import { validateJob } from './validate.js';

export interface ReadLineOptions {
  /** Exact Bacalhau release; the newest unless given. */
  readonly release?: string;
}

/**
 * Reads a `bacalhau docker run …` line, as a user would type it into a shell, into the job that it stands for; a plain
 * `docker run …` line into the job that comes nearest to it.
 * Never throws: what is wrong is in the `problems` of the result. All places are in the line.
 */
export function readCommandLine(source: SourceText, options: ReadLineOptions = {}): JobSpec {
  const line = splitLine(innerCommand(source.text));
  const problems = shellProblems(line);
  const at: Place = { span: { start: 0, end: source.text.trimEnd().length } };
  const empty: JobSpec = {
    source,
    origin: 'command',
    at,
    constraints: [],
    labels: [],
    problems,
    unresolved: line.expansions,
  };
  const words = withoutAssignments(line.words);
  const docker = behindDockerRun(words);
  if (docker !== undefined) return { ...readDockerLine(source, at, docker, problems), unresolved: line.expansions };
  const wrong = wrongCommand(words, at, options.release ?? NEWEST_RELEASE);
  if (wrong !== undefined) return { ...empty, problems: [...problems, wrong] };
  const start = words.findIndex(({ value }) => value === 'docker');
  return { ...readArguments(source, at, words.slice(start + 2), problems, options), unresolved: line.expansions };
}

/** Reads the words behind `bacalhau docker run`, for callers that have no line but the arguments themselves. */
export function readArguments(
  source: SourceText,
  at: Place,
  words: readonly Word[],
  before: readonly JobProblem[],
  options: ReadLineOptions,
): JobSpec {
  const release = options.release ?? NEWEST_RELEASE;
  const parsed = parseFlags(words, release);
  const { job, problems } = buildJob(parsed, at, release);
  const draft = { source, origin: 'command' as const, at, unresolved: [], ...job };
  const refused =
    parsed.refused === undefined ? [] : [refusedFlag(parsed.refused, parsed.dashes === undefined, release)];
  const accepted = refused.length === 0 && !problems.some(({ severity }) => severity === undefined);
  // What the flag parser refuses is never validated: Bacalhau stops there.
  const validated = accepted ? validateJob(draft, release) : [];
  const longDashes = parsed.dashes === undefined ? longDashProblems(words) : [];
  return { ...draft, problems: [...before, ...refused, ...problems, ...longDashes, ...validated] };
}

/**
 * Of `NAME=$(bacalhau …)`, as people write it to keep the job's ID, what stands in the brackets, at its own offsets.
 */
function innerCommand(text: string): string {
  const match = /^\s*(?:export\s+)?[A-Za-z_]\w*="?\$\((?=\s*bacalhau\s)/.exec(text);
  const close = match === null ? -1 : text.lastIndexOf(')');
  if (match === null || close < 0) return text;
  return ' '.repeat(match[0].length) + text.slice(match[0].length, close);
}

/** What stands behind `docker run`, `docker container run`, with or without sudo; undefined for every other line. */
function behindDockerRun(words: readonly Word[]): readonly Word[] | undefined {
  const [first, second, third] = words[0]?.value === 'sudo' ? words.slice(1) : words;
  if (first?.value !== 'docker') return undefined;
  const run = second?.value === 'container' ? third : second;
  return run?.value === 'run' ? words.slice(words.indexOf(run) + 1) : undefined;
}

/** `NAME=value` in front of a command sets variables of the user's own shell, and sudo runs what follows. */
function withoutAssignments(words: readonly Word[]): readonly Word[] {
  const first = words.findIndex(({ value }) => !/^[A-Za-z_]\w*=/.test(value) && value !== 'sudo');
  return first < 0 ? [] : words.slice(first);
}
