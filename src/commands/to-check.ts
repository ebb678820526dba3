import type { IsChanged } from '../check/changed-files.js';
import { gather, type Gathered } from '../check/gather.js';
import type { SubjectInput } from '../check/subject.js';
import { sourceText } from '../text/source.js';
import type { CheckFlagValues } from './check-flags.js';
import { commandLines } from './command-lines.js';
import { UsageError } from './core.js';
import { readStdin } from './stdin.js';
import { withoutLinksOut } from './untrusted.js';

/** What a run of `check` has before it. */
export interface ToCheck {
  readonly inputs: readonly SubjectInput[];
  /** Files and folders that were named, or `.` when nothing was. */
  readonly paths: readonly string[];
  /** What was named and cannot be checked, a sentence each. */
  readonly problems: readonly string[];
  /** Remarks for people, a line each. */
  readonly notes: readonly string[];
  /** What to say when there is nothing to check and no problem tells why; `isMistake` when the user expected something. */
  readonly nothing: { readonly message: string; readonly isMistake: boolean };
}

/**
 * Collects what is to be checked: files, folders, command lines, or an image alone.
 *
 * @param named the paths of the command line
 * @param after the words behind `--`
 * @throws UsageError
 */
export async function toCheck(
  named: readonly string[],
  after: readonly string[],
  flags: CheckFlagValues,
): Promise<ToCheck> {
  const lines = await commandLines(flags.command ?? [], flags.commands ?? [], after);
  const paths = [...named, ...lines.paths];
  if (paths.length === 0 && lines.inputs.length === 0 && flags.image === undefined) paths.push('.');
  const as = flags.as === undefined ? {} : { as: flags.as };
  const since = flags['changed-since'];
  const isWanted = since === undefined ? {} : { isWanted: await changedFiles(since, paths) };
  const { inside, outside } = flags['ci-untrusted'] ? await withoutLinksOut(paths) : { inside: paths, outside: [] };
  const gathered = await gather(inside, { readStdin, ...as, ...isWanted });
  const inputs = [...gathered.inputs, ...lines.inputs];
  if (inputs.length === 0 && paths.length === 0 && flags.image !== undefined) inputs.push(imageInput(flags.image));
  const problems = [...outside, ...gathered.problems.map(({ message }) => message), ...lines.problems];
  const notes = [
    ...(lines.isRejoined
      ? ['the words after -- were put together again: quotes, $NAME and redirections were your own shell’s']
      : []),
    ...(gathered.seen > 0 ? [`${String(gathered.seen)} files seen, ${String(gathered.taken)} taken`] : []),
  ];
  const nothing =
    since === undefined
      ? { message: nothingToCheck(gathered), isMistake: true }
      : { message: `nothing to check: no job spec and no Dockerfile changed since ${since}`, isMistake: false };
  return { inputs, paths, problems, notes, nothing };
}

async function changedFiles(ref: string, paths: readonly string[]): Promise<IsChanged> {
  if (paths.length === 0) throw new UsageError('--changed-since chooses among files; name files or a folder');
  const { changedSince } = await import('../check/changed-files.js');
  const changed = await changedSince(ref, process.cwd());
  if (typeof changed === 'string') throw new UsageError(`--changed-since ${ref}: ${changed}`);
  return changed;
}

function imageInput(reference: string): SubjectInput {
  return { kind: 'image', source: sourceText(reference, reference) };
}

function nothingToCheck({ seen }: Gathered): string {
  return `nothing to check: ${seen === 0 ? 'no files' : `no job spec and no Dockerfile among ${String(seen)} files`} here`;
}
