import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, type CliResult } from '../kit/cli.js';

// Rules of the user's own.

const RULE = `{
  id: 'team/label',
  stage: 'client',
  severity: 'error',
  title: 'Job has no label of a team',
  why: 'Our own convention.',
  remedy: 'Add Labels: {team: NAME}.',
  examples: { bad: [], good: [] },
  *check({ job }) {
    if (job !== undefined) yield { at: { span: { start: 0, end: 4 } }, message: 'The job has no label team.' };
  },
}`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugins-'));
  await writeFile(join(folder, 'job.yaml'), 'Name: a\nType: batch\nTasks: []\n');
});
afterEach(() => rm(folder, { recursive: true }));

async function check(files: Readonly<Record<string, string>>, args: readonly string[]): Promise<CliResult> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return runCli(['check', 'job.yaml', '--offline', ...args], { cwd: folder });
}

test.each([
  ['an ES module', 'rule.mjs', `export default ${RULE};`],
  ['a CommonJS module', 'rule.cjs', `module.exports = ${RULE};`],
  ['a list', 'rules.mjs', `export default [${RULE}];`],
])('%s', async (_, name, text) => {
  const config = `plugins: [./${name}]\nrules: { team/label: warning, job/*: off }\n`;
  const result = await check({ [name]: text, 'own.yaml': config }, ['--config', 'own.yaml']);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.stdout).toContain('warning  team/label');
});

test('a configuration that is found runs no code', async () => {
  const code = "require('node:fs').writeFileSync('ran', ''); module.exports = [];";
  const result = await check({ 'rule.cjs': code, '.bacalhau-preflight.yaml': 'plugins: [./rule.cjs]\n' }, []);
  expect(result.stderr).toContain('plugins');
  expect(result.stdout).not.toContain('team/label');
  const again = await runCli(['check', 'ran'], { cwd: folder });
  expect(again.stderr).toContain('there is no such file');
});

test.each([
  ['is not there', '', 'cannot be loaded'],
  ['is no rule', 'module.exports = { id: 1 };', 'is no rule and no list of rules'],
  ['throws', "throw new Error('no luck\\nat all')", 'cannot be loaded: no luck'],
  ['has an id that is taken', `module.exports = ${RULE.replace('team/label', 'job/syntax')};`, 'already'],
  [
    'finds by throwing',
    `module.exports = ${RULE.replace('if (job', "throw new Error('odd job'); if (job")};`,
    'odd job',
  ],
])('a plugin that %s is one line and exit 2', async (_, text, message) => {
  const files = { 'own.yaml': 'plugins: [./rule.cjs]\n', ...(text === '' ? {} : { 'rule.cjs': text }) };
  const result = await check(files, ['--config', 'own.yaml']);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain(message);
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
});
