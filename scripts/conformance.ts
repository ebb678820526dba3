import { existsSync, readFileSync } from 'node:fs';
import type { JobProblem, JobSpec } from '../src/job/job-spec.js';
import { readJobSpec } from '../src/job/read.js';
import { sourceText } from '../src/text/source.js';

/** Recorded verdicts of Bacalhau 1.9's own code, beside the project where they are at hand. */
const CONFORMANCE = '../shared/conformance/generated.jsonl';
const CORPUS = '../shared/corpus';

const STAGES = ['client', 'orchestrator', 'schedule', 'node', 'results', 'accepted'];

interface Row {
  readonly id: string;
  readonly kind: 'spec' | 'argv';
  readonly data?: string;
  readonly argv?: readonly string[];
  readonly stage: string;
  readonly errors?: readonly string[];
}

/** Compares our reading with the recorded verdicts and prints every disagreement. */
export function main(args: readonly string[]): number {
  if (!existsSync(CONFORMANCE)) {
    process.stdout.write(`no recorded verdicts at ${CONFORMANCE}: nothing was compared\n`);
    return 0;
  }
  const rows = readFileSync(CONFORMANCE, 'utf8').trim().split('\n').map((line): Row => JSON.parse(line));
  const specs = rows.filter(({ kind }) => kind === 'spec');
  compare('specs', specs.map((row) => ({ row, ours: ourStage(readJobSpec(sourceText('job.yaml', row.data ?? ''))) })), args.includes('-v'));
  if (existsSync(`${CORPUS}/specs.jsonl`)) {
    const corpus = readFileSync(`${CORPUS}/specs.jsonl`, 'utf8').trim().split('\n').map((line): { id: string; file: string; stage: string; note?: string } => JSON.parse(line));
    compare(
      'corpus',
      corpus.map(({ id, file, stage, note }) => ({
        row: { id: `${id} ${file}`, kind: 'spec' as const, stage, errors: note === undefined ? [] : [note] },
        ours: ourStage(readJobSpec(sourceText(file, readFileSync(`${CORPUS}/${file}`, 'utf8')))),
      })),
      args.includes('-v'),
    );
  }
  return 0;
}

/** The stage of the first error, in Bacalhau's order; `template` when a variable has no value. */
function ourStage(job: JobSpec): { stage: string; problems: readonly JobProblem[] } {
  const errors = job.problems.filter((problem) => severityOf(problem) === 'error');
  const stages = new Set(errors.map(stageOf));
  const task = job.task;
  if (task !== undefined && task.resultPaths.length > 0 && (task.publisher?.type?.value.trim() ?? '') === '') stages.add('orchestrator');
  if (job.unresolved.length > 0 && !stages.has('client')) return { stage: 'template', problems: errors };
  return { stage: STAGES.find((stage) => stages.has(stage)) ?? 'accepted', problems: errors };
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

function compare(name: string, results: readonly { row: Row; ours: { stage: string; problems: readonly JobProblem[] } }[], verbose: boolean): void {
  process.stdout.write(`\n${name}\n`);
  for (const stage of new Set(results.map(({ row }) => row.stage))) {
    const of = results.filter(({ row }) => row.stage === stage);
    const agree = of.filter(({ ours }) => ours.stage === stage);
    process.stdout.write(`  ${stage.padEnd(13)} ${String(agree.length).padStart(4)} of ${String(of.length).padStart(4)} agree\n`);
  }
  for (const { row, ours } of results) {
    if (row.stage === ours.stage) continue;
    process.stdout.write(`  ${row.id}: Bacalhau ${row.stage} (${(row.errors ?? []).join('; ').slice(0, 160)}), we ${ours.stage}\n`);
    for (const { kind, message } of ours.problems) process.stdout.write(`      ${kind}: ${message.slice(0, 160)}\n`);
    if (verbose) process.stdout.write(`${row.data ?? ''}\n`);
  }
}
