import { existsSync, readFileSync } from 'node:fs';
import type { JobProblem, JobSpec } from '../src/job/job-spec.js';
import { readCommandLine } from '../src/job/command-line.js';
import { quoteWord } from '../src/job/command-line/words.js';
import { readJobSpec } from '../src/job/read.js';
import { sourceText } from '../src/text/source.js';

/** Recorded verdicts of Bacalhau 1.9's own code, beside the project where they are at hand. */
const CONFORMANCE = '../shared/conformance/generated.jsonl';
const CORPUS = '../shared/corpus';

const STAGES = ['client', 'orchestrator', 'schedule', 'node', 'results', 'accepted'];

interface Row {
  readonly id: string;
  readonly kind?: 'spec' | 'argv';
  readonly file?: string;
  readonly note?: string;
  readonly data?: string;
  readonly argv?: readonly string[];
  readonly stage: string;
  readonly errors?: readonly string[];
}

/** Compares our reading with the recorded verdicts and prints every disagreement. */
export function main(): number {
  if (!existsSync(CONFORMANCE)) {
    process.stdout.write(`no recorded verdicts at ${CONFORMANCE}: nothing was compared\n`);
    return 0;
  }
  const rows = rowsOf(CONFORMANCE);
  compare(
    'specs',
    rows.filter(({ kind }) => kind === 'spec'),
  );
  compare(
    'command lines',
    rows.filter(({ kind }) => kind === 'argv'),
  );
  compare('corpus, specs', rowsOf(`${CORPUS}/specs.jsonl`));
  compare('corpus, command lines', rowsOf(`${CORPUS}/commands.jsonl`));
  return 0;
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

function readRow({ data, file, argv }: Row): JobSpec {
  if (argv !== undefined)
    return readCommandLine(sourceText('<command>', ['bacalhau', ...argv].map(quoteWord).join(' ')));
  return readJobSpec(sourceText(file ?? 'job.yaml', data ?? readFileSync(`${CORPUS}/${file ?? ''}`, 'utf8')));
}

/** The stage of the first error, in Bacalhau's order; `template` when a variable has no value. */
function ourStage(job: JobSpec): { stage: string; problems: readonly JobProblem[] } {
  const errors = job.problems.filter((problem) => severityOf(problem) === 'error');
  const stages = new Set(errors.map(stageOf));
  const task = job.task;
  if (task !== undefined && task.resultPaths.length > 0 && !hasPublisher(task)) stages.add('orchestrator');
  if (job.unresolved.length > 0) return { stage: 'template', problems: errors };
  return { stage: STAGES.find((stage) => stages.has(stage)) ?? 'accepted', problems: errors };
}

/** A publisher with parameters and no type counts as one, to Bacalhau. */
function hasPublisher({ publisher }: NonNullable<JobSpec['task']>): boolean {
  return publisher !== undefined && ((publisher.type?.value.trim() ?? '') !== '' || publisher.params.size > 0);
}

const KIND_STAGE: Partial<Record<JobProblem['kind'], string>> = {
  'engine-params': 'node',
  'source-params': 'node',
  'publisher-params': 'results',
  'unknown-type': 'schedule',
};

function stageOf(problem: JobProblem): string {
  return problem.stage ?? KIND_STAGE[problem.kind] ?? 'client';
}

const WARNINGS = new Set<JobProblem['kind']>(['ignored-key', 'duplicate-key', 'extra-document', 'extra-task']);

function severityOf(problem: JobProblem): string {
  if (problem.kind === 'ignored-key') return 'warning';
  return problem.severity ?? (WARNINGS.has(problem.kind) ? 'warning' : 'error');
}

function compare(name: string, rows: readonly Row[]): void {
  const results = rows.map((row) => ({ row, ours: ourStage(readRow(row)) }));
  process.stdout.write(`\n${name}\n`);
  for (const stage of new Set(rows.map((row) => row.stage))) {
    const of = results.filter(({ row }) => row.stage === stage);
    const agree = of.filter(({ ours }) => ours.stage === stage);
    process.stdout.write(
      `  ${stage.padEnd(13)} ${String(agree.length).padStart(4)} of ${String(of.length).padStart(4)} agree\n`,
    );
  }
  for (const { row, ours } of results) {
    if (row.stage === ours.stage) continue;
    const said = (row.errors ?? [row.note ?? '']).join('; ').slice(0, 160);
    process.stdout.write(
      `  ${row.id} ${row.file ?? row.argv?.join(' ') ?? ''}\n    Bacalhau ${row.stage} (${said}), we ${ours.stage}\n`,
    );
    for (const { kind, message } of ours.problems) process.stdout.write(`      ${kind}: ${message.slice(0, 160)}\n`);
  }
}
