import { afterAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ignore from 'ignore';
import { parse } from 'yaml';
import { COMMANDS } from '../src/cli.js';
import { version } from '../src/version.js';
import { BIN, runCli } from './kit/cli.js';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly { readonly run: string; readonly shell: string; readonly env: Record<string, string> }[];
  };
}

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly args: readonly string[];
  readonly files: string;
}

const folder = mkdtempSync(join(tmpdir(), 'preflight-ci-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('action.yml', () => {
  const text = readFileSync('action.yml', 'utf8');
  const { inputs, runs } = parse(text) as Action;
  const [install, check] = runs.steps;

  test('every input that is used is declared, and every one that is declared is used', () => {
    const used = Array.from(text.matchAll(/\$\{\{ inputs\.([\w-]+) \}\}/g), ([, name]) => name ?? '');
    expect(new Set(used)).toEqual(new Set(Object.keys(inputs)));
    expect(inputs.version?.default).toBe(version);
  });

  test('no input becomes text of a script, and the scripts are what bash reads', () => {
    for (const { run, shell } of runs.steps) {
      expect(shell).toBe('bash');
      expect(run).not.toContain('${{');
      expect(spawnSync('bash', ['-n'], { input: run }).status).toBe(0);
    }
  });

  function runStep(script: string | undefined, env: Record<string, string>): { code: number | null; stdout: string } {
    const bash = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script ?? ''];
    const { status, stdout } = spawnSync('bash', bash, {
      cwd: folder,
      env: { PATH: `${folder}/path:${process.env.PATH ?? ''}`, HOME: folder, RUNNER_TEMP: folder, ...env },
      encoding: 'utf8',
    });
    return { code: status, stdout };
  }

  test('installs exactly the version, and nothing that is none', () => {
    mkdirSync(join(folder, 'path'));
    writeFileSync(join(folder, 'path', 'npm'), '#!/bin/sh\necho npm "$@"\n');
    chmodSync(join(folder, 'path', 'npm'), 0o755);
    const good = runStep(install?.run, { PREFLIGHT_VERSION: version });
    expect(good.stdout.trim().split(' ').at(-1)).toBe(`bacalhau-preflight@${version}`);
    for (const bad of ['', 'latest', 'npm:other@1.0.0', '0.1.0 other', 'file:../x', '1.0.0\n2.0.0', '$(id)']) {
      const { code, stdout } = runStep(install?.run, { PREFLIGHT_VERSION: bad });
      expect({ bad, code, npm: stdout.includes('npm ') }).toEqual({ bad, code: 2, npm: false });
    }
  });

  test('checks what it is told to, word by word, and annotates', () => {
    mkdirSync(join(folder, 'bacalhau-preflight/node_modules/.bin'), { recursive: true });
    symlinkSync(BIN, join(folder, 'bacalhau-preflight/node_modules/.bin/bacalhau-preflight'));
    mkdirSync(join(folder, 'my jobs'));
    cpSync('fixtures/demo/bad.yaml', join(folder, 'my jobs/bad.yaml'));
    const { code, stdout } = runStep(check?.run, { PREFLIGHT_PATHS: 'my jobs\n', PREFLIGHT_ARGS: '--offline\n' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error .*,file=my jobs\/bad\.yaml,/m);
    const hostile = runStep(check?.run, { PREFLIGHT_PATHS: '$(touch made); `touch made`', PREFLIGHT_ARGS: '' });
    expect(hostile.code).toBe(2);
    expect(runStep('test ! -e made', {}).code).toBe(0);
  });
});

describe('.pre-commit-hooks.yaml', () => {
  const hooks = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as Hook[];

  test('names a command and flags that exist, and runs', async () => {
    for (const { entry, args } of hooks) {
      const [program, name = '', ...rest] = entry.split(' ');
      expect(program).toBe('bacalhau-preflight');
      expect(Object.keys(COMMANDS)).toContain(name);
      const { code, stderr } = await runCli([name, ...rest, ...args], { cwd: 'fixtures/demo' });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('files seen') });
    }
  });

  test('is asked for specs and Dockerfiles', () => {
    // Python's (?i) at the start is a flag here.
    const pattern = new RegExp((hooks[0]?.files ?? '').replace('(?i)', ''), 'i');
    for (const path of [
      'job.yaml',
      'a/b.yml',
      'x.json',
      'Dockerfile',
      'a/Dockerfile.gpu',
      'b.dockerfile',
      'Containerfile',
    ])
      expect([path, pattern.test(path)]).toEqual([path, true]);
    for (const path of ['README.md', 'my-yaml', 'a/NotDockerfile', 'docker/file.txt'])
      expect([path, pattern.test(path)]).toEqual([path, false]);
  });
});

describe('Dockerfile of the tool', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');

  test('passes the check of the tool', async () => {
    const { code, stdout } = await runCli(['check', '--offline', '--strict', '--fail-on', 'info', 'Dockerfile']);
    expect(stdout).toContain('ready for Bacalhau');
    expect(code).toBe(0);
  });

  test('the context holds what is copied and built, and nothing else', () => {
    // Docker sees patterns from the context, git from every folder.
    const patterns = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => /^[^#]/.test(line));
    const hidden = ignore().add(patterns.map((line) => (line.startsWith('!') ? `!/${line.slice(1)}` : `/${line}`)));
    for (const path of [
      'package.json',
      'package-lock.json',
      '.npmrc',
      'scripts/build.mjs',
      'src/cli.ts',
      'rules/index.ts',
    ])
      expect([path, hidden.ignores(path)]).toEqual([path, false]);
    for (const path of ['.git/config', 'node_modules/yaml/package.json', 'test/docs.test.ts', '.env', 'dist/cli.cjs'])
      expect([path, hidden.ignores(path)]).toEqual([path, true]);
    const scripts = (parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts;
    for (const [, name = ''] of dockerfile.matchAll(/npm run ([\w-]+)/g)) expect(Object.keys(scripts)).toContain(name);
  });

  test('what it copies into the image runs there', () => {
    const copied = Array.from(dockerfile.matchAll(/^COPY --from=build \/build\/(\S+)/gm), ([, path]) => path ?? '');
    const image = join(folder, 'image');
    mkdirSync(image);
    for (const path of copied) {
      if (path === 'node_modules') symlinkSync(join(process.cwd(), path), join(image, path));
      else cpSync(path, join(image, path), { recursive: true });
    }
    const help = execFileSync(process.execPath, [join(image, 'bin/run.js'), '--help'], { encoding: 'utf8' });
    expect(help).toContain('dry-run');
  });
});
