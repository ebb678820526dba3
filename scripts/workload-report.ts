import { KINDS, readCases, score, seen, type Kind, type Score } from '../test/kit/lines.js';

const TABLE = 'test/workload/lines';

/** Prints how well the reader of commands does: precision and recall by kind over the table. `--all` lists what differs. */
export function main(args: readonly string[]): number {
  const cases = readCases(TABLE);
  const scores = new Map<Kind, Score>();
  for (const one of cases) {
    const got = seen(one);
    for (const kind of KINDS) {
      const { wrong, missed } = score(one.says.get(kind) ?? [], got[kind]);
      add(scores, kind, { right: got[kind].length - wrong.length, wrong: wrong.length, missed: missed.length });
      if (!args.includes('--all') || wrong.length + missed.length === 0) continue;
      process.stdout.write(`${one.file}:${String(one.line)} ${one.text}\n`);
      if (wrong.length > 0) process.stdout.write(`    ${kind}, wrong: ${wrong.join(', ')}\n`);
      if (missed.length > 0) process.stdout.write(`    ${kind}, missed: ${missed.join(', ')}\n`);
    }
  }
  print(`table, ${String(cases.length)} lines`, scores);
  return 0;
}

function add(scores: Map<Kind, Score>, kind: Kind, more: Score): void {
  const old = scores.get(kind) ?? { right: 0, wrong: 0, missed: 0 };
  scores.set(kind, {
    right: old.right + more.right,
    wrong: old.wrong + more.wrong,
    missed: old.missed + more.missed,
  });
}

function print(title: string, scores: ReadonlyMap<Kind, Score>): void {
  process.stdout.write(`${title}\n  ${'kind'.padEnd(10)} right  wrong missed precision  recall\n`);
  for (const [kind, { right, wrong, missed }] of scores) {
    const numbers = [right, wrong, missed].map((count) => String(count).padStart(6)).join(' ');
    process.stdout.write(`  ${kind.padEnd(9)}${numbers} ${percent(right, wrong)}  ${percent(right, missed)}\n`);
  }
}

function percent(right: number, other: number): string {
  const all = right + other;
  return all === 0 ? '     –' : `${((100 * right) / all).toFixed(1)} %`.padStart(8);
}
