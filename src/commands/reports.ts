import { fstatSync } from 'node:fs';
import { appendFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SubjectReport } from '../check/finding.js';
import { FORMATS, type Format, type ReportOptions } from '../report/format.js';
import { FILE, render, type Output } from '../report/render.js';
import { reasonOf } from '../text/read-file.js';
import { UsageError } from './core.js';

/** A report that goes to a file. */
export interface ReportFile {
  readonly format: Format;
  readonly path: string;
}

/**
 * Reads the values of `--report`, each `FORMAT:FILE`.
 *
 * @throws UsageError for one that is none, and for two reports in one file
 */
export function reportFiles(values: readonly string[]): ReportFile[] {
  const files = values.map((value) => {
    const at = value.indexOf(':');
    const name = value.slice(0, Math.max(at, 0));
    const format = FORMATS.find((known) => known === name);
    const path = value.slice(at + 1);
    if (format === undefined || path === '') {
      throw new UsageError(`--report ${value}: expected FORMAT:FILE, with FORMAT one of ${FORMATS.join(', ')}`);
    }
    if (path === '-') throw new UsageError(`--report ${value}: standard output is for --format ${format}`);
    return { format, path };
  });
  const twice = files.find(({ path }, at) => files.findIndex((other) => resolve(other.path) === resolve(path)) < at);
  if (twice !== undefined) throw new UsageError(`--report: two reports would be written to ${twice.path}`);
  return files;
}

/** Writes the reports; gives a sentence for each that cannot be written. One bad path never stops the others. */
export async function writeReports(
  files: readonly ReportFile[],
  reports: readonly SubjectReport[],
  options: ReportOptions,
): Promise<string[]> {
  const checked = new Set(reports.map(({ source }) => resolve(source.path)));
  const problems: string[] = [];
  for (const { format, path } of files) {
    if (checked.has(resolve(path))) {
      problems.push(`the ${format} report is not written: ${path} is a file that was checked`);
      continue;
    }
    const text = await render(reports, format, options, FILE);
    try {
      const stream = await openStream(path);
      if (stream !== undefined) {
        stream.write(text);
        continue;
      }
      const { writeWhole } = await import('../text/write-file.js');
      await writeWhole(path, text);
    } catch (error) {
      problems.push(`cannot write the ${format} report to ${path}: ${await writeReason(error, path)}`);
    }
  }
  return problems;
}

/**
 * The stream that writes to a path already: `/dev/stdout` of a run whose output goes to a file is that file, and to put
 * another in its place would lose what was printed.
 */
async function openStream(path: string): Promise<NodeJS.WriteStream | undefined> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isFile() !== true) return undefined;
  return [process.stdout, process.stderr].find(({ fd }) => {
    try {
      const { dev, ino } = fstatSync(fd);
      return dev === there.dev && ino === there.ino;
    } catch {
      return false; // closed
    }
  });
}

/** Of a longer one GitHub shows nothing at all. */
const MOST_SUMMARY_BYTES = 1024 * 1024;

/** Adds the Markdown report to the summary of a GitHub Actions job, where there is one; gives what went wrong. */
export async function writeJobSummary(
  reports: readonly SubjectReport[],
  options: ReportOptions,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const path = env.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === '') return [];
  const text = await render(reports, 'markdown', options, FILE);
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size + Buffer.byteLength(text) > MOST_SUMMARY_BYTES) {
    process.stderr.write('the job summary has no room for this report: GitHub takes 1 MiB for a step\n');
    return [];
  }
  try {
    // what stands there may lack its last line end
    await appendFile(path, size === 0 ? text : `\n${text}`);
    return [];
  } catch (error) {
    return [`cannot write the job summary to ${path}: ${await writeReason(error, path)}`];
  }
}

async function writeReason(error: unknown, path: string): Promise<string> {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isMissing ? 'its folder is not there' : reasonOf(error, path);
}

/** Standard output as it is now. */
export function standardOutput(): Output {
  const isTerminal = process.stdout.isTTY;
  return { isTerminal, columns: isTerminal ? process.stdout.columns : FILE.columns, env: process.env };
}
