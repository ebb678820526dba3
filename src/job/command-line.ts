import { NEWEST_RELEASE } from '../target/release.js';
import type { Place, SourceText } from '../text/source.js';
import { buildJob } from './command-line/build.js';
import { parseFlags } from './command-line/flags.js';
import { longDashProblems, otherCommand, refusedFlag, shellProblems, wrongCommand } from './command-line/habits.js';
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
  const words = withoutAssignments(line.words);
  const at: Place = { span: { start: words[0]?.span.start ?? 0, end: source.text.trimEnd().length } };
  const empty: JobSpec = {
    source,
    origin: 'command',
    at,
    constraints: [],
    labels: [],
    problems,
    unresolved: line.expansions,
  };
  const docker = behindDockerRun(words);
  if (docker !== undefined) return { ...readDockerLine(source, at, docker, problems), unresolved: line.expansions };
  const notRead = otherCommand(words);
  if (notRead !== undefined) return { ...empty, notRead };
  const wrong = wrongCommand(words, at, options.release ?? NEWEST_RELEASE);
  if (wrong !== undefined) return { ...empty, problems: [...problems, wrong] };
  // Flags of every command may stand before `docker` too.
  const start = words.findIndex(({ value }) => value === 'docker');
  const flags = [...words.slice(1, start), ...words.slice(start + 2)];
  return { ...readArguments(source, at, flags, problems, options), unresolved: line.expansions };
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
  // Who writes -- further on means Bacalhau with what stands before it.
  const noDashes = !words.some(({ value }) => value === '--');
  const refused = parsed.refused === undefined ? [] : [refusedFlag(parsed.refused, noDashes, release)];
  const accepted = refused.length === 0 && !problems.some(({ severity }) => severity === undefined);
  // What the flag parser refuses is never validated: Bacalhau stops there.
  const validated = accepted ? validateJob(draft, release) : [];
  const longDashes = parsed.dashes === undefined ? longDashProblems(words) : [];
  return { ...draft, problems: [...before, ...refused, ...problems, ...longDashes, ...validated] };
}

/** What people write in front of the command that is checked: a prompt, a folder, a loop, `NAME=$(` to keep the job's ID. */
const IN_FRONT =
  /^\s*(?:(?:[$%>]|time|nohup|env|exec|set [-+]\w+;?|cd [^\s;&|]+ *(?:&&|;)|for [^;\n]*;\s*do)\s+|(?:export\s+)?[A-Za-z_]\w*="?\$\(\s*)+(?=(?:[^\s;&|()]*\/)?(?:bacalhau|docker)\s)/;

/** Gives the text with blanks in place of what stands around its command, which keeps its offsets. */
function innerCommand(text: string): string {
  const front = IN_FRONT.exec(text)?.[0];
  if (front === undefined) return text;
  const close = front.includes('$(') ? text.lastIndexOf(')') : -1;
  return ' '.repeat(front.length) + text.slice(front.length, close < front.length ? undefined : close);
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
