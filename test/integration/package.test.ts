import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { preCommitConfig } from '../../src/init/pre-commit.js';
import { version } from '../../src/version.js';
import { workflowCommands } from '../kit/report-readers.js';
import { describeWith } from '../kit/service.js';

// What a user has after `npm install bacalhau-preflight`: the packed package, in an empty project.

const run = promisify(execFile);
const SLOW = 300_000;

let folder: string;
let project: string;
let archive: string;
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
  archive = join(folder, (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '');
  await writeFile(join(project, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
  await run('npm', ['install', ...quiet, archive], { cwd: project });
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

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function end(program: string, args: readonly string[], cwd: string, env: Record<string, string>): Promise<Ended> {
  return new Promise((done) => {
    execFile(program, args, { cwd, env: { PATH: process.env.PATH ?? '', ...env } }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
    });
  });
}

/** npm, with the packed package in place of the one that the registry will have. */
async function npmWithArchive(): Promise<string> {
  const { stdout } = await run('which', ['npm']);
  const path = join(folder, 'path');
  await mkdir(path, { recursive: true });
  const script = `#!/bin/sh
for word; do shift; [ "$word" != bacalhau-preflight@${version} ] || word=${archive}; set -- "$@" "$word"; done
exec ${stdout.trim()} "$@" --prefer-offline
`;
  await writeFile(join(path, 'npm'), script, { mode: 0o755 });
  return `${path}:${process.env.PATH ?? ''}`;
}

describe('the action, its steps run in order as a runner does', () => {
  interface Action {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly runs: {
      readonly steps: readonly {
        readonly run: string;
        readonly env: Readonly<Record<string, string>>;
        readonly 'working-directory'?: string;
      }[];
    };
  }
  let path = '';
  let workspace = '';
  let temp = '';
  beforeAll(async () => {
    path = await npmWithArchive();
    workspace = join(folder, 'workspace');
    temp = join(folder, 'runner temp');
    await mkdir(join(workspace, 'my jobs'), { recursive: true });
    await mkdir(temp);
    await cp('fixtures/demo/bad.yaml', join(workspace, 'my jobs/bad.yaml'));
    await cp('fixtures/demo/good.yaml', join(workspace, 'good.yaml'));
    // a repository cannot say from where the package comes, or what runs
    await writeFile(join(workspace, '.npmrc'), 'registry=http://127.0.0.1:9/\nprefix=/nowhere\n');
  });

  /** Runs the steps until one fails, with `${{ inputs.… }}` put in where the runner does: in env and folders alone. */
  async function act(
    given: Readonly<Record<string, string>>,
    isInstalled = false,
  ): Promise<{ code: number; log: string; summary: string }> {
    const { inputs, runs } = parse(await readFile('action.yml', 'utf8')) as Action;
    const filled = (text: string): string =>
      text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => given[name] ?? inputs[name]?.default ?? '');
    const summary = join(folder, 'summary.md');
    await writeFile(summary, '');
    let log = '';
    let code = 0;
    for (const step of runs.steps.slice(isInstalled ? 1 : 0)) {
      const script = join(folder, 'step.sh');
      await writeFile(script, step.run);
      const env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, filled(value)]));
      const bash = ['--noprofile', '--norc', '-eo', 'pipefail', script];
      const ended = await end('bash', bash, resolve(workspace, filled(step['working-directory'] ?? '.')), {
        PATH: path,
        HOME: process.env.HOME ?? '',
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_STEP_SUMMARY: summary,
        RUNNER_TEMP: temp,
        DOCKER_HOST: 'unix:///no-engine/docker.sock',
        BACALHAU_PREFLIGHT_OFFLINE: '1',
        ...env,
      });
      log += ended.stdout + ended.stderr;
      ({ code } = ended);
      if (code !== 0) break;
    }
    return { code, log, summary: await readFile(summary, 'utf8') };
  }

  test(
    'findings fail it, are annotated, and stand in the job summary',
    async () => {
      const { code, log, summary } = await act({});
      expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining('input/ipfs-subpath') });
      const annotated = workflowCommands(log).filter(({ name }) => name === 'error');
      expect(annotated).toContainEqual(
        expect.objectContaining({ properties: expect.objectContaining({ file: 'my jobs/bad.yaml', line: '18' }) }),
      );
      expect(summary).toContain('input/ipfs-subpath');
    },
    SLOW,
  );

  test('what is clean passes, and flags and folders count', async () => {
    expect(await act({ paths: 'good.yaml' }, true)).toMatchObject({ code: 0 });
    const args = '--fail-on=never\n--report=sarif:out.sarif\n';
    const { code } = await act({ 'working-directory': 'my jobs', args }, true);
    expect(code).toBe(0);
    expect(await readFile(join(workspace, 'my jobs/out.sarif'), 'utf8')).toContain('"2.1.0"');
  });

  test('no value of an input runs, sets anything, or becomes a command of the log', async () => {
    const hostile = [
      '$(touch made)',
      '`touch made`',
      '"; touch made; "',
      "'; touch made; '",
      'x\n::set-output name=a::b',
      'x\n::error::forged',
      '\u001b[2J::add-mask::x',
      '--config=../x\n$(touch made)',
    ];
    for (const value of hostile) {
      for (const name of ['paths', 'args', 'version']) {
        const { code, log } = await act({ [name]: value }, name !== 'version');
        const forged = workflowCommands(log).filter(
          (command) => !/^(error|warning|notice)$/.test(command.name) || command.message === 'forged',
        );
        expect({ name, value, code, forged }).toEqual({ name, value, code: 2, forged: [] });
      }
    }
    const made = (await readdir(workspace, { recursive: true })).filter((file) => file.endsWith('made'));
    expect(made).toEqual([]);
  });
});

describeWith(['git', 'pre-commit'], 'the entry for pre-commit that init writes', () => {
  test(
    'installs the package and checks before a commit',
    async () => {
      const user = join(folder, 'user');
      await mkdir(user);
      await writeFile(join(user, '.pre-commit-config.yaml'), preCommitConfig(version));
      await cp('fixtures/demo/good.yaml', join(user, 'good.yaml'));
      const home = join(folder, 'pre-commit-home');
      const env = {
        PATH: await npmWithArchive(),
        HOME: process.env.HOME ?? '',
        PRE_COMMIT_HOME: home,
        GIT_CONFIG_GLOBAL: '/dev/null',
      };
      const git = (...args: string[]): Promise<Ended> =>
        end('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], user, env);
      await git('init', '-q');
      expect(await end('pre-commit', ['install'], user, env)).toMatchObject({ code: 0 });
      await git('add', '.');
      const good = await git('commit', '-m', 'good');
      expect(good).toMatchObject({ code: 0, stderr: expect.stringMatching(/bacalhau-preflight\.+Passed/) });
      await cp('fixtures/demo/bad.yaml', join(user, 'bad.yaml'));
      await git('add', '.');
      const bad = await git('commit', '-m', 'bad');
      expect(bad).toMatchObject({ code: 1, stderr: expect.stringMatching(/Failed[^]*input\/ipfs-subpath/) });
    },
    SLOW,
  );
});
