import { existsSync, readFileSync } from 'node:fs';
import rules from '../rules/index.js';
import { check } from '../src/check/check.js';
import type { FactName, Facts } from '../src/check/rule.js';
import type { SubjectReport } from '../src/check/finding.js';
import type { ImageConfig } from '../src/image/facts.js';
import { builtInTarget } from '../src/target/built-in.js';
import { sourceText } from '../src/text/source.js';
import { outsideUses } from '../src/workload/network-uses.js';
import { casesOf, KINDS, readCases, score, seen, told, type Score } from '../test/kit/lines.js';

const TABLE = 'test/workload/lines';
/** Real jobs, and what a person says of their commands, beside the project where they are at hand. */
const CORPUS = '../shared/corpus';

type Scores = Map<string, Score>;

/**
 * Prints how well the reader of commands does: precision and recall by kind, over the table and over real jobs where
 * they are at hand. `--all` lists what differs; another word is the folder of the real jobs.
 */
export async function main(args: readonly string[]): Promise<number> {
  const all = args.includes('--all');
  const cases = readCases(TABLE);
  const scores: Scores = new Map();
  for (const one of cases) {
    const got = seen(one);
    for (const kind of KINDS) {
      compare(
        scores,
        kind,
        one.says.get(kind) ?? [],
        got[kind],
        all ? `${one.file}:${String(one.line)} ${one.text}` : '',
      );
    }
  }
  print(`table, ${String(cases.length)} lines`, scores);
  const corpus = args.find((arg) => !arg.startsWith('-')) ?? CORPUS;
  if (existsSync(corpus)) await overCorpus(corpus, all);
  else process.stdout.write(`\nno real jobs at ${corpus}: nothing more was compared\n`);
  return 0;
}

/** Adds one comparison; with a title, tells what differs. */
function compare(
  scores: Scores,
  kind: string,
  expected: readonly string[],
  got: readonly string[],
  title: string,
): void {
  const { wrong, missed } = score(expected, got);
  const old = scores.get(kind) ?? { right: 0, wrong: 0, missed: 0 };
  scores.set(kind, {
    right: old.right + got.length - wrong.length,
    wrong: old.wrong + wrong.length,
    missed: old.missed + missed.length,
  });
  if (title === '' || wrong.length + missed.length === 0) return;
  process.stdout.write(`${title}\n`);
  if (wrong.length > 0) process.stdout.write(`    ${kind}, wrong: ${wrong.join(', ')}\n`);
  if (missed.length > 0) process.stdout.write(`    ${kind}, missed: ${missed.join(', ')}\n`);
}

function print(title: string, scores: Scores): void {
  process.stdout.write(`${title}\n  ${'kind'.padEnd(10)} right  wrong missed precision  recall\n`);
  for (const [kind, { right, wrong, missed }] of scores) {
    const numbers = [right, wrong, missed].map((count) => String(count).padStart(6)).join(' ');
    process.stdout.write(`  ${kind.padEnd(9)}${numbers} ${percent(right, wrong)}  ${percent(right, missed)}\n`);
  }
}

function percent(right: number, other: number): string {
  const all = right + other;
  return (all === 0 ? '–' : `${((100 * right) / all).toFixed(1)} %`).padStart(8);
}

interface Row {
  readonly id: string;
  readonly stage: string;
  readonly command?: string;
  readonly file?: string;
}

/** An image that only starts what the job says. */
const PLAIN: ImageConfig = {
  source: 'registry',
  platform: 'linux/amd64',
  entrypoint: [],
  cmd: ['/bin/sh'],
  env: [],
  user: '',
  workingDir: '',
  volumes: [],
  exposedPorts: [],
  labels: {},
  hasHealthcheck: false,
};
const WANTED: readonly FactName[] = ['image.access', 'image.platforms', 'image.config', 'image.local'];

/** Real jobs against what a person says of them; a network use counts when it would be a warning or more under mode None. */
async function overCorpus(corpus: string, all: boolean): Promise<void> {
  const labels = `${corpus}/../corpus-workload.lines`;
  const said = new Map(
    existsSync(labels) ? casesOf(labels, readFileSync(labels, 'utf8')).map((one) => [one.text, one]) : [],
  );
  const scores: Scores = new Map();
  const errors: string[] = [];
  let looked = 0;
  for (const row of [...rowsOf(`${corpus}/commands.jsonl`), ...rowsOf(`${corpus}/specs.jsonl`)]) {
    looked++;
    for (const { rule, severity, message } of (await reportOf(row, corpus, {})).findings) {
      const ours = severity === 'error' && row.stage === 'accepted' && /^(?:input|output|network|command)\//.test(rule);
      if (ours) errors.push(`${row.id} ${rule}: ${message}`);
    }
    const label = said.get(row.id);
    const report = await reportOf(row, corpus, { 'image.config': PLAIN });
    if (report.workload === undefined || label === undefined) continue;
    const got = told({ ...report.workload, network: outsideUses(report.workload.network) });
    for (const kind of KINDS) {
      const names = got[kind]
        .map((name) => name.replace(/\?$/, ''))
        .filter((name) => kind !== 'programs' || !/…|\s/.test(name));
      compare(scores, kind, label.says.get(kind) ?? [], names, all ? row.id : '');
    }
  }
  print(`\nreal jobs, ${String(looked)} looked at, ${String(said.size)} labelled`, scores);
  process.stdout.write(
    `  errors of ours in accepted ones: ${String(errors.length)}\n${errors.map((line) => `    ${line}\n`).join('')}`,
  );
}

/** What the rules say of a job whose image was looked at as far as the facts go. */
async function reportOf(row: Row, corpus: string, facts: Facts): Promise<SubjectReport> {
  const text = row.command ?? readFileSync(`${corpus}/${row.file ?? ''}`, 'utf8');
  const missing = Object.fromEntries(
    WANTED.filter((fact) => facts[fact] === undefined).map((fact) => [fact, 'offline']),
  );
  const [report] = await check(
    [{ kind: row.command === undefined ? 'job' : 'command', source: sourceText(row.id, text) }],
    {
      rules,
      target: builtInTarget(),
      variables: new Map(),
      lookAtImage: () => Promise.resolve({ facts, missing }),
    },
  );
  if (report === undefined) throw new Error('no report');
  return report;
}

function rowsOf(path: string): Row[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const row: unknown = JSON.parse(line);
      return isRow(row) ? [row] : [];
    });
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'id' in value && 'stage' in value;
}
