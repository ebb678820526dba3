import { existsSync, readFileSync } from 'node:fs';
import rules from '../rules/index.js';
import { check } from '../src/check/check.js';
import type { Finding, SubjectReport } from '../src/check/finding.js';
import type { MissingFacts } from '../src/check/judge.js';
import type { SubjectInput } from '../src/check/subject.js';
import { plainJob } from '../src/job/plain-job.js';
import { quoteWord } from '../src/job/command-line/words.js';
import { builtInTarget } from '../src/target/built-in.js';
import { sourceText } from '../src/text/source.js';

/** Recorded verdicts of Bacalhau 1.9's own code, beside the project where they are at hand. */
const CONFORMANCE = '../shared/conformance/generated.jsonl';
const CORPUS = '../shared/corpus';

/** In Bacalhau's order. What the recorded verdicts know nothing of (`run`) is no part of the comparison. */
const STAGES = ['client', 'orchestrator', 'schedule', 'node', 'results'];
/** How many percent have to agree, by recorded stage; other stages 98. */
const REQUIRED: Readonly<Record<string, number>> = { client: 100, orchestrator: 100, accepted: 100 };
const REQUIRED_ELSEWHERE = 98;

interface Row {
  readonly id: string;
  readonly kind?: 'spec' | 'argv';
  readonly file?: string;
  readonly note?: string;
  readonly data?: string;
  readonly argv?: readonly string[];
  readonly stage: string;
  readonly errors?: readonly string[];
  /** The job that a command line became. */
  readonly job?: unknown;
}

interface Compared {
  readonly row: Row;
  readonly ours: string;
  readonly agrees: boolean;
  readonly report: SubjectReport;
}

/** Compares our findings with the recorded verdicts, prints every disagreement, and gives 1 when there are too many. */
export async function main(): Promise<number> {
  if (!existsSync(CONFORMANCE)) {
    process.stdout.write(`no recorded verdicts at ${CONFORMANCE}: nothing was compared\n`);
    return 0;
  }
  const rows = rowsOf(CONFORMANCE);
  const specs = rows.filter(({ kind }) => kind === 'spec');
  const lines = rows.filter(({ kind }) => kind === 'argv');
  const corpusLines = rowsOf(`${CORPUS}/commands.jsonl`);
  const good = [
    await compare('specs', specs),
    await compare('command lines', lines),
    await compare('corpus, specs', rowsOf(`${CORPUS}/specs.jsonl`)),
    await compare('corpus, command lines', corpusLines.filter(isComparable)),
    await compareJobs(lines),
  ];
  return good.every(Boolean) ? 0 : 1;
}

function rowsOf(path: string): Row[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const row: unknown = JSON.parse(line);
      if (!isRow(row)) throw new Error(`${path}: not a row: ${line.slice(0, 80)}`);
      return row;
    });
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'id' in value && 'stage' in value;
}

/** Of real lines only the flags of `docker run` were recorded: other commands, and a line without image, say nothing. */
function isComparable({ argv = [] }: Row): boolean {
  return argv[0] === 'docker' && argv[1] === 'run' && argv.length > 2;
}

function inputOf({ data, file, argv }: Row): SubjectInput {
  if (argv !== undefined) {
    return { kind: 'command', source: sourceText('<command>', ['bacalhau', ...argv].map(quoteWord).join(' ')) };
  }
  const text = data ?? readFileSync(`${CORPUS}/${file ?? ''}`, 'utf8');
  return { kind: 'job', source: sourceText(file ?? 'job.yaml', text) };
}

const MISSING: MissingFacts = {
  'image.access': 'offline',
  'image.platforms': 'offline',
  'image.config': 'offline',
  'image.seen': 'not looked at',
  'image.local': 'offline',
  'image.files': 'offline',
};

async function reportsOf(rows: readonly Row[]): Promise<SubjectReport[]> {
  return check(rows.map(inputOf), {
    rules,
    target: builtInTarget(),
    variables: new Map(),
    lookAtImage: () => Promise.resolve({ facts: {}, missing: MISSING }),
  });
}

function errorsOf({ findings }: SubjectReport): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'error');
}

/** The stage of the first error; `template` when only a variable without a value stands in the way. */
function stageOf(report: SubjectReport): string {
  const stages = new Set<string>(errorsOf(report).map(({ stage }) => stage));
  if (stages.has('client')) return 'client';
  if ((report.job?.unresolved.length ?? 0) > 0 && report.kind === 'job') return 'template';
  return STAGES.find((stage) => stages.has(stage)) ?? 'accepted';
}

/**
 * Later errors of ours are no disagreement with `accepted`: the recorded verdicts know nothing of images, networks,
 * mounts and programs. A template may as well be refused whatever its variables hold, when the record says so too.
 */
function agrees({ stage, errors = [], note = '' }: Row, ours: string): boolean {
  if (stage === 'accepted') return ours !== 'client' && ours !== 'orchestrator' && ours !== 'template';
  if (stage !== 'template' || ours === 'template') return stage === ours;
  const refusedAnyway = /failed to parse template|\+vars:unmarshal/.test(`${errors.join('; ')} ${note}`);
  return ours === 'client' && (refusedAnyway || errors.length > 1);
}

async function compare(name: string, rows: readonly Row[]): Promise<boolean> {
  const reports = await reportsOf(rows);
  const compared = rows.flatMap((row, index): Compared[] => {
    const report = reports[index];
    if (report === undefined) return [];
    const ours = stageOf(report);
    return [{ row, ours, agrees: agrees(row, ours), report }];
  });
  process.stdout.write(`\n${name}\n`);
  let good = true;
  for (const stage of new Set(rows.map((row) => row.stage))) {
    const of = compared.filter(({ row }) => row.stage === stage);
    const agree = of.filter((one) => one.agrees).length;
    const enough = agree * 100 >= of.length * (REQUIRED[stage] ?? REQUIRED_ELSEWHERE);
    good &&= enough;
    process.stdout.write(
      `  ${stage.padEnd(13)} ${String(agree).padStart(4)} of ${String(of.length).padStart(4)} agree${enough ? '' : '  TOO FEW'}\n`,
    );
  }
  for (const one of compared.filter((one) => !one.agrees)) printDisagreement(one);
  printLater(compared.filter(({ row }) => row.stage === 'accepted'));
  return good;
}

function printDisagreement({ row, ours, report }: Compared): void {
  const said = (row.errors ?? [row.note ?? '']).join('; ').slice(0, 160);
  process.stdout.write(
    `  ${row.id} ${row.file ?? row.argv?.join(' ') ?? ''}\n    Bacalhau ${row.stage} (${said}), we ${ours}\n`,
  );
  for (const { rule, message } of errorsOf(report)) process.stdout.write(`      ${rule}: ${message.slice(0, 160)}\n`);
}

/** What we find in jobs that Bacalhau accepts: to be read, because a false alarm would stand here. */
function printLater(accepted: readonly Compared[]): void {
  const counts = new Map<string, number>();
  for (const { report } of accepted) {
    for (const key of new Set(errorsOf(report).map(({ rule, stage }) => `${rule} (${stage})`)))
      counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  if (sorted.length > 0) process.stdout.write('  later errors of ours in accepted ones:\n');
  for (const [key, count] of sorted) process.stdout.write(`    ${String(count).padStart(4)} ${key}\n`);
}

/** Whether the job that we build from each accepted line is the one that Bacalhau built. */
async function compareJobs(rows: readonly Row[]): Promise<boolean> {
  const accepted = rows.filter(({ job }) => job !== undefined);
  const reports = await reportsOf(accepted);
  const different = accepted.flatMap((row, index) => {
    const job = reports[index]?.job;
    const ours = job === undefined ? undefined : JSON.stringify(plain(plainJob(job)), undefined, 1);
    const theirs = JSON.stringify(plain(recordedJob(row.job)), undefined, 1);
    return ours === theirs ? [] : [{ row, ours: ours ?? '', theirs }];
  });
  process.stdout.write(
    `\njobs built from lines\n  ${String(accepted.length - different.length)} of ${String(accepted.length)} are equal\n`,
  );
  for (const { row, ours, theirs } of different) {
    process.stdout.write(`  ${row.id} ${row.argv?.join(' ') ?? ''}\n`);
    const lines = new Set(theirs.split('\n'));
    const own = new Set(ours.split('\n'));
    for (const line of lines) if (!own.has(line)) process.stdout.write(`    - ${line}\n`);
    for (const line of own) if (!lines.has(line)) process.stdout.write(`    + ${line}\n`);
  }
  return different.length === 0;
}

/** The recorded job without what Bacalhau adds on its own and what we do not read. */
function recordedJob(job: unknown): unknown {
  if (typeof job !== 'object' || job === null) return job;
  const ignored = new Set(['ID', 'Priority', 'Meta', 'State', 'Version', 'Revision', 'CreateTime', 'ModifyTime']);
  return Object.fromEntries(Object.entries(job).filter(([key]) => !ignored.has(key)));
}

/** What Bacalhau itself turns into lower case, or compares without it. */
const LOWERED = new Set(['type', 'cpu', 'memory', 'disk', 'gpu']);

/** Sorted by key in lower case (Bacalhau finds params in any case), without what is empty: to Go that is not given. */
function plain(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => plain(item));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .map(([name, inner]): [string, unknown] => [key === 'env' ? name : name.toLowerCase(), inner])
      .map(([name, inner]): [string, unknown] => [name, plain(inner, name)])
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  if (typeof value === 'string' && LOWERED.has(key)) return value.toLowerCase();
  return value === '' || value === null || value === false || value === 0 ? undefined : value;
}
