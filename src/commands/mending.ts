import { lstat, realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import type { SubjectReport } from '../check/finding.js';
import type { SubjectInput } from '../check/subject.js';
import { escapeForLog } from '../report/escape.js';
import { isApplicable } from '../fix/applicable.js';
import type { Left } from '../fix/splice.js';
import type { Mended, MendOptions } from '../fix/mend.js';
import { positionAt } from '../text/source.js';
import { Flags, UsageError } from './core.js';

/** Flags of what is done about findings. */
export const fixFlags = {
  fix: Flags.boolean({
    description: 'mend in place what is safe; of standard input and command lines the mended text goes to stdout',
    exclusive: ['diff'],
  }),
  diff: Flags.boolean({
    description: 'show what --fix would do as a unified diff, write nothing, and exit 1 if there is something',
  }),
  'unsafe-fixes': Flags.boolean({ description: 'with --fix or --diff: also what changes the meaning of a job' }),
  'fix-commands': Flags.string({
    description: 'write the commands that mend images as a shell script',
    helpValue: 'FILE',
  }),
};

/**
 * Refuses `--unsafe-fixes` where nothing is fixed.
 *
 * @throws UsageError
 */
export function refuseUnsafeAlone(flags: { fix: boolean; diff: boolean; 'unsafe-fixes': boolean }): void {
  if (flags['unsafe-fixes'] && !flags.fix && !flags.diff) {
    throw new UsageError('--unsafe-fixes says which fixes count: give --diff to see them, or --fix to apply them');
  }
}

/** What came of mending. */
export interface Mending {
  /** The reports as they are now. */
  readonly reports: readonly SubjectReport[];
  /** Mended text of what lies in no file, and diffs: for standard output. */
  readonly output: string;
  /** One line each, for standard error. */
  readonly notes: readonly string[];
  /** What could not be written. */
  readonly problems: readonly string[];
  readonly fixed: number;
}

/** Mends the subjects of a run and writes files, or gives the diff. */
export async function applyFixes(
  inputs: readonly SubjectInput[],
  reports: readonly SubjectReport[],
  options: MendOptions & { readonly diff: boolean },
): Promise<Mending> {
  const { mend } = await import('../fix/mend.js');
  const mended = await mend(inputs, reports, options);
  const once = [...new Set(mended)];
  const notes = once.flatMap(({ before, left }) => left.map((one) => leftNote(before, one)));
  const fixed = once.reduce((sum, one) => sum + one.fixed.length, 0);
  if (options.diff) {
    const { unifiedDiff } = await import('../fix/diff.js');
    const output = unifiedDiff(once, await behindLinks(once));
    return { reports, output, notes: [...notes, ...summary(once, 'would be fixed', options)], problems: [], fixed };
  }
  const problems: string[] = [];
  const unwritten = new Set<Mended>();
  const output: string[] = [];
  for (const one of once) {
    if (isInFile(one)) {
      const problem = await write(one);
      if (problem === undefined) continue;
      problems.push(problem);
      unwritten.add(one);
    } else if (one.before.kind !== 'image') output.push(ended(one.after.source.text));
  }
  const written = once.filter((one) => !unwritten.has(one));
  return {
    reports: mended.map((one, index) => (unwritten.has(one) ? (reports[index] ?? one.report) : one.report)),
    output: output.join(''),
    notes: [...notes, ...summary(written, 'fixed', options)],
    problems,
    fixed,
  };
}

/** What the links among the files lead to, as seen from the working directory. */
async function behindLinks(mended: readonly Mended[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const one of mended) {
    const { path } = one.before.source;
    if (!isInFile(one) || !(await isLink(path))) continue;
    names.set(path, relative(await realpath('.'), await realpath(path)));
  }
  return names;
}

async function isLink(path: string): Promise<boolean> {
  const there = await lstat(path).catch(() => undefined);
  return there?.isSymbolicLink() === true;
}

function isInFile({ before }: Mended): boolean {
  return (before.kind === 'job' || before.kind === 'dockerfile') && before.source.path !== '-';
}

async function write({ before, after }: Mended): Promise<string | undefined> {
  if (before.source.text === after.source.text) return undefined;
  const { writeMended } = await import('../fix/write.js');
  const reason = await writeMended(before.source.path, before.source.text, after.source.text);
  return reason === undefined ? undefined : `${before.source.path} was not changed: ${reason}`;
}

/** A command line has no line end of its own. */
function ended(text: string): string {
  return /[\r\n]$/.test(text) || text === '' ? text : `${text}\n`;
}

function leftNote({ source }: SubjectInput, { finding, reason }: Left): string {
  const { line, column } = positionAt(source, finding.at.span.start);
  return `${source.path}:${String(line)}:${String(column)}: not fixed: ${reason} [${finding.rule}]`;
}

function summary(mended: readonly Mended[], done: string, { unsafe }: MendOptions): string[] {
  const fixed = mended.reduce((sum, one) => sum + one.fixed.length, 0);
  const files = mended.filter((one) => one.fixed.length > 0).length;
  const more = unsafe
    ? 0
    : mended.flatMap(({ report }) => report.findings).filter(({ fix }) => isApplicable(fix, true)).length;
  const parts = [
    fixed === 0 ? `nothing ${done}` : `${String(fixed)} ${done}${files > 1 ? ` in ${String(files)} files` : ''}`,
    more === 0 ? '' : `${String(more)} more with --unsafe-fixes, which changes what a job does`,
  ];
  return [parts.filter((part) => part !== '').join(' · ')];
}

/** Writes the script of commands; gives a problem, or a note when there is nothing to write. */
export async function writeCommands(
  file: string,
  reports: readonly SubjectReport[],
): Promise<{ readonly note: string } | { readonly problem: string }> {
  const { commandScript, SCRIPT_HEAD } = await import('../fix/script.js');
  const script = commandScript(reports);
  if (script === undefined) return { note: `no finding asks for commands; ${file} was not written` };
  const { writeScript } = await import('../fix/write.js');
  const reason = await writeScript(file, script, SCRIPT_HEAD);
  return reason === undefined
    ? { note: `commands written to ${file}` }
    : { problem: `${file} was not written: ${reason}` };
}

/** Tells lines on standard error. */
export function tell(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${escapeForLog(line)}\n`);
}
