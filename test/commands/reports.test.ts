import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, type CliResult } from '../kit/cli.js';
import { gitlabProblems, junitCases, sarifProblems } from '../kit/report-readers.js';

// Reports of the built CLI that go to files.

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reports-'));
  await writeFile(join(folder, 'bad.yaml'), await readFile('fixtures/demo/bad.yaml'));
});
afterEach(() => rm(folder, { recursive: true }));

const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
const check = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
  runCli(['check', 'bad.yaml', '--offline', ...args], { cwd: folder, env });

test('several reports in one run; standard output has one of them and nothing else', async () => {
  const reports = ['sarif:a.sarif', 'junit:j.xml', 'gitlab:g.json', 'markdown:m.md', 'json:r.json', 'pretty:p.txt'];
  const result = await check(['--format', 'json', ...reports.flatMap((report) => ['--report', report])]);
  expect(result).toMatchObject({ code: 1, stderr: '' });
  expect(JSON.parse(result.stdout)).toEqual(JSON.parse(await read('r.json')));
  expect(sarifProblems(await read('a.sarif'))).toEqual([]);
  expect(gitlabProblems(await read('g.json'))).toEqual([]);
  expect((await junitCases(await read('j.xml'))).filter(({ failure }) => failure !== undefined)).toHaveLength(3);
  expect(await read('m.md')).toContain('#### `bad.yaml`');
  expect(await read('p.txt')).toContain('bad.yaml  against Bacalhau');
});

test('one bad path is one clear line, and the other reports are written', async () => {
  const result = await check([
    '--report',
    'sarif:none/a.sarif',
    '--report',
    'gitlab:g.json',
    '--report',
    'junit:bad.yaml',
  ]);
  expect(result.code).toBe(2);
  expect(result.stderr.split('\n').filter(Boolean)).toEqual([
    'cannot write the sarif report to none/a.sarif: its folder is not there',
    'the junit report is not written: bad.yaml is a file that was checked',
  ]);
  expect(gitlabProblems(await read('g.json'))).toEqual([]);
  expect(await read('bad.yaml')).toBe(await readFile('fixtures/demo/bad.yaml', 'utf8'));
});

test.each([
  ['nonsense', 'expected FORMAT:FILE'],
  ['xml:a', 'expected FORMAT:FILE'],
  ['sarif:', 'expected FORMAT:FILE'],
  ['sarif:-', 'standard output is for --format sarif'],
])('--report %s is one line and exit 2', async (value, message) => {
  const result = await check(['--report', value]);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain(message);
});

test('two reports never go to one file', async () => {
  expect(await check(['--report', 'sarif:a', '--report', 'json:./a'])).toMatchObject({ code: 2, stdout: '' });
  expect(await readdir(folder)).toEqual(['bad.yaml']);
});

test('a file that is there keeps its mode, a link stays a link, and nothing else is left', async () => {
  await writeFile(join(folder, 'real.json'), 'old');
  await chmod(join(folder, 'real.json'), 0o640);
  await symlink('real.json', join(folder, 'link.json'));
  expect((await check(['--report', 'gitlab:link.json'])).code).toBe(1);
  expect(gitlabProblems(await read('real.json'))).toEqual([]);
  expect((await stat(join(folder, 'real.json'))).mode & 0o777).toBe(0o640);
  expect(await readdir(folder)).toEqual(['bad.yaml', 'link.json', 'real.json']);
});

test('the job summary of GitHub Actions is added to', async () => {
  await writeFile(join(folder, 'summary'), 'before\n');
  const env = { GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  expect(await check(['--format', 'github'], env)).toMatchObject({ code: 1, stderr: '' });
  expect(await read('summary')).toMatch(/^before\n\n<!-- bacalhau-preflight -->\n/);
  await check(['--format', 'pretty'], env);
  expect((await read('summary')).match(/### Bacalhau preflight/g)).toHaveLength(1);
});

test('text of a job and names of files are no commands to the runner', async () => {
  await writeFile(join(folder, '::error::x.yaml'), 'hello');
  const result = await runCli(['check', '::error::x.yaml', '##[group]y'], { cwd: folder, env: { CI: 'true' } });
  expect(result.code).toBe(2);
  expect(result.stderr).not.toMatch(/^\s*::|##\[/m);
});
