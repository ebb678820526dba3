import { expect, test } from '@jest/globals';
import { Chalk } from 'chalk';
import { readFile, writeFile } from 'node:fs/promises';
import rules from '../../rules/index.js';
import type { ReportOptions } from '../../src/report/format.js';
import { githubReport } from '../../src/report/github.js';
import { gitlabReport } from '../../src/report/gitlab.js';
import { jsonReport } from '../../src/report/json.js';
import { junitReport } from '../../src/report/junit.js';
import { lineReport } from '../../src/report/lines.js';
import { markdownReport } from '../../src/report/markdown.js';
import { prettyReport } from '../../src/report/pretty.js';
import { sarifReport } from '../../src/report/sarif.js';
import { displayWidth } from '../../src/report/width.js';
import { CLEAN, REPORT, target } from '../kit/golden-report.js';

// One report in every form, to the letter; UPDATE_SCENARIOS=1 writes the files. It is made by hand, so that no rule
// changes it.

const options: ReportOptions = {
  target,
  version: '1.2.3',
  rules: rules.filter(({ id }) => id === 'image/platform'),
  problems: ['cannot read gone.yaml: there is no such file'],
  failOn: 'error',
  folder: '/repository',
};

const pretty = { colour: new Chalk({ level: 0 }), columns: 80 };

test.each([
  ['pretty', () => prettyReport([REPORT, CLEAN], pretty)],
  ['lines', () => lineReport([REPORT, CLEAN])],
  ['json', () => jsonReport([REPORT, CLEAN], target, '1.2.3')],
  ['sarif', () => sarifReport([REPORT, CLEAN], options)],
  ['junit', () => junitReport([REPORT, CLEAN], options)],
  ['github', () => githubReport([REPORT, CLEAN], options)],
  ['gitlab', () => gitlabReport([REPORT, CLEAN], options)],
  ['markdown', () => markdownReport([REPORT, CLEAN], options)],
])('%s', async (form, print) => {
  const path = `test/report/golden/${form}.golden`;
  if (process.env.UPDATE_SCENARIOS !== undefined) await writeFile(path, print());
  expect(print()).toBe(await readFile(path, 'utf8'));
});

test('pretty keeps to its columns, but for commands', () => {
  const lines = prettyReport([REPORT, CLEAN], pretty).split('\n');
  expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([expect.stringContaining('docker buildx build')]);
});
