import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

// What a user has after `npm install bacalhau-preflight`: the packed package, in an empty project.

const run = promisify(execFile);
const SLOW = 300_000;

let folder: string;
let project: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
  const copy = join(folder, 'source');
  project = join(folder, 'project');
  await mkdir(project);
  const parts = ['src', 'rules', 'scripts', 'docs', 'README.md', 'LICENSE', 'tsconfig.json', 'tsconfig.build.json'];
  for (const part of [...parts, 'package.json']) await cp(part, join(copy, part), { recursive: true });
  await symlink(resolve('node_modules'), join(copy, 'node_modules'));
  await run(process.execPath, ['scripts/build.mjs'], { cwd: copy });
  await run('npm', ['pack', '--pack-destination', folder], { cwd: copy });
  const [archive = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await writeFile(join(project, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
  await run('npm', ['install', ...quiet, join(folder, archive)], { cwd: project });
}, SLOW);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function node(file: string, text: string): Promise<{ stdout: string; stderr: string }> {
  await writeFile(join(project, file), text);
  return run(process.execPath, [file], { cwd: project, env: { PATH: process.env.PATH ?? '' } });
}

const JOB = 'Name: a\\nType: Batch\\nTasks: []\\n';
const USE = `check([{ kind: 'job', text: '${JOB}' }]).then(([r]) => console.log(r.verdict, r.findings.length))`;

describe('in an empty project', () => {
  test('import', async () => {
    const result = await node('a.mjs', `import { check } from 'bacalhau-preflight';\n${USE};\n`);
    expect(result).toEqual({ stdout: expect.stringMatching(/^client \d+\n$/), stderr: '' });
  });

  test('require', async () => {
    const result = await node('a.cjs', `const { check } = require('bacalhau-preflight');\n${USE};\n`);
    // Node 20.19 says that require() of a module is young, as of any package; later ones say nothing.
    const [major = 0] = process.versions.node.split('.').map(Number);
    expect(result).toEqual({
      stdout: expect.stringMatching(/^client \d+\n$/),
      stderr: major > 20 ? '' : expect.stringMatching(/^$|^\(node:\d+\) ExperimentalWarning: .*\n.*\n$/),
    });
  });

  test('npx', async () => {
    await writeFile(join(project, 'job.yaml'), JOB.replaceAll('\\n', '\n'));
    const args = ['--no-install', 'bacalhau-preflight', 'check', 'job.yaml', '--offline', '--format', 'json'];
    const failed: unknown = await run('npx', args, { cwd: project }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringContaining('"verdict": "client"') });
  });

  test('importing prints nothing, reads no environment and opens nothing', async () => {
    // Node's own loader asks for the first two, the YAML parser for traces of its own.
    const text = `
const NODES = /^(?:WATCH_REPORT_DEPENDENCIES|NODE_V8_COVERAGE|LOG_TOKENS|LOG_STREAM)$/;
const env = process.env;
const read = [];
process.env = new Proxy(env, { get: (target, name) => { if (!NODES.test(String(name))) read.push(String(name)); return target[name]; } });
const before = process._getActiveHandles().length;
const { check } = await import('bacalhau-preflight');
await check([{ kind: 'job', text: '${JOB}' }, { kind: 'image', text: 'ubuntu' }, { kind: 'dockerfile', text: 'FROM scratch' }]);
console.log(JSON.stringify([read, process._getActiveHandles().length - before]));
`;
    expect(await node('quiet.mjs', text)).toEqual({ stdout: '[[],0]\n', stderr: '' });
  });

  test('the example of the README runs', async () => {
    const readme = await readFile('README.md', 'utf8');
    const example = /<!-- example -->\s+```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const { stdout, stderr } = await node('example.mjs', example);
    expect(stdout).toMatch(/^error node image\/reference /m);
    expect(stderr).toBe('');
  });

  test.each([
    ['as Node 16 resolves', ['--module', 'node16']],
    ['as the newest Node resolves', ['--module', 'nodenext']],
    ['as a bundler resolves', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ])('types are there, %s', async (_title, how) => {
    const text = `import { check, defineRule, reportAs, type Finding, type Rule } from 'bacalhau-preflight';
const rule: Rule = defineRule({ id: 'a/b', stage: 'run', severity: 'info', title: '', why: '', remedy: '', examples: { bad: [], good: [] }, *check() {} });
const [report] = await check([{ kind: 'job', text: '' }], { rules: [rule] });
const findings: readonly Finding[] = report?.findings ?? [];
export const text: string = await reportAs('sarif', report === undefined ? [] : [report]);
// @ts-expect-error there is no such kind
await check([{ kind: 'nothing', text: '' }]);
export { findings };
`;
    await writeFile(join(project, 'types.mts'), text);
    const args = ['--noEmit', '--strict', ...how, '--target', 'es2023', '--skipLibCheck', 'types.mts'];
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const result: unknown = await run(process.execPath, [tsc, ...args], { cwd: project }).catch(
      (error: unknown) => error,
    );
    expect(result).toMatchObject({ stdout: '' });
  });

  test('it holds the program, the library and what they need, and nothing of tests and sources', async () => {
    const root = join(project, 'node_modules/bacalhau-preflight');
    const files = (await readdir(root, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
    const rest = files.filter((path) => !/^dist\/(src|rules)\/[\w/-]+(\.d\.ts|\.js|\.json)$/.test(path));
    expect(rest.sort()).toEqual([
      'LICENSE',
      'README.md',
      'bin/package.json',
      'bin/run.js',
      'dist/cli.cjs',
      'dist/package.json',
      'docs/rules.md',
      'package.json',
      'src/config/config.schema.json',
      'src/report/report-1.schema.json',
    ]);
  });
});
