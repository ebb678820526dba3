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

const yielding = (value: string): string =>
  `module.exports = ${RULE.replace(/if \(job[^;]*;/, () => `yield ${value};`)};`;
const asking = (value: string): string =>
  `module.exports = ${RULE.replace('*check', () => `needs: () => ${value}, *check`)};`;

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
  ['is TypeScript', 'module.exports = 1 as number;', "Unexpected identifier 'as'"],
  [
    'holds since no release',
    `module.exports = ${RULE.replace("stage: 'client'", "stage: 'client', since: 'x'")};`,
    'is no rule',
  ],
  ['yields nothing that is a finding', yielding('null'), 'what it yields is no finding'],
  ['yields no message', yielding('{ at: { span: { start: 0, end: 4 } }, message: 5 }'), 'without the text message'],
  ['yields no place', yielding("{ message: 'x' }"), 'a finding without at'],
  [
    'yields a place before the text',
    yielding("{ at: { span: { start: -1, end: 4 } }, message: 'x' }"),
    'a finding without at',
  ],
  [
    'yields an unknown severity',
    yielding("{ at: { span: { start: 0, end: 4 } }, message: 'x', severity: 'fatal' }"),
    'severity is one of error, warning, info',
  ],
  [
    'yields what is no related place',
    yielding("{ at: { span: { start: 0, end: 4 } }, message: 'x', related: 5 }"),
    'related is a list',
  ],
  [
    'yields what is no fix',
    yielding("{ at: { span: { start: 0, end: 4 } }, message: 'x', fix: { title: 'y' } }"),
    'fix is {',
  ],
  ['is async', `module.exports = ${RULE.replace('*check', 'async *check')};`, 'check gives no list of findings'],
  ['asks by throwing', asking("(() => { throw new Error('no idea') })()"), 'needs: no idea'],
  ['asks for no list', asking('5'), 'needs: it is a list of facts'],
  ['asks for a fact that is none', asking("['image.colour']"), 'needs: there is no fact image.colour'],
])('a plugin that %s is one line and exit 2', async (_, text, message) => {
  const files = { 'own.yaml': 'plugins: [./rule.cjs]\n', ...(text === '' ? {} : { 'rule.cjs': text }) };
  const result = await check(files, ['--config', 'own.yaml']);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain(message);
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
});
