import { expect, test } from '@jest/globals';
import { readCommandLine } from '../../src/job/command-line.js';
import { workloadJson, workloadRows } from '../../src/report/workload-view.js';
import { sourceText } from '../../src/text/source.js';
import { readWorkload } from '../../src/workload/read.js';
import type { Workload } from '../../src/workload/workload.js';

function workloadOf(line: string): Workload {
  const { task } = readCommandLine(sourceText('<command>', line));
  const docker = task?.engine?.docker;
  if (docker === undefined) throw new Error('no docker job');
  return readWorkload({ docker, env: task?.env ?? [], configKnown: false });
}

test('a command, and what it does', () => {
  const rows = workloadRows(
    workloadOf(
      "bacalhau docker run -w /work --entrypoint sh,-c a:1 -- 'cat in | sort > /outputs/a && curl https://example.org'",
    ),
  );
  expect(rows).toEqual([
    ['job runs', "sh -c 'cat in | sort > /outputs/a && curl https://example.org'"],
    ['made of', 'Entrypoint of the job, Parameters of the job'],
    ['in folder', '/work'],
    ['programs', 'cat, sort, curl'],
    ['reads', '/work/in'],
    ['writes', '/outputs/a'],
    ['network', 'curl downloads https://example.org'],
  ]);
});

test('much of one kind is counted', () => {
  const files = Array.from({ length: 40 }, (_, index) => `/in/${String(index)}`).join(' ');
  const rows = new Map(workloadRows(workloadOf(`bacalhau docker run --entrypoint cat a:1 -- ${files}`)));
  expect(rows.get('reads')).toMatch(/^\/in\/0, .*\/in\/11 and 28 more$/);
});

test('the value of a variable that holds a secret stays out of it', () => {
  const line = `bacalhau docker run -e API_KEY=do-not-show --entrypoint sh,-c a:1 -- 'curl https://example.org/$API_KEY -o /outputs/$API_KEY'`;
  const workload = workloadOf(line);
  expect(JSON.stringify(workloadRows(workload))).not.toContain('do-not-show');
  expect(JSON.stringify(workloadJson(workload))).not.toContain('do-not-show');
});
