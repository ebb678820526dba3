import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BIN, runCli, type CliResult } from './kit/cli.js';

/** A team's repository goes through init, baseline, fix and gate, one step after the other in the same folder. */
let folder = '';
let path = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'repository-'));
  path = mkdtempSync(join(tmpdir(), 'repository-path-'));
  symlinkSync(BIN, join(path, 'bacalhau-preflight'));
  cpSync('fixtures/repository', folder, { recursive: true });
  execFileSync('git', ['init', '-q'], { cwd: folder });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(path, { recursive: true, force: true });
});

function run(...args: string[]): Promise<CliResult> {
  return runCli(['check', '--offline', ...args], { cwd: folder });
}

function texts(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.startsWith(join(folder, '.git')),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      join(parentPath, name).slice(folder.length + 1),
      readFileSync(join(parentPath, name), 'utf8'),
    ]),
  );
}

describe('a repository of 30 jobs and Dockerfiles', () => {
  let before: Record<string, string> = {};

  test('init writes its files and touches none of theirs', async () => {
    const theirs = texts();
    const { code, stderr } = await runCli(['init', '--yes', '--ci', 'github', '--pre-commit'], { cwd: folder });
    expect([code, stderr]).toEqual([0, '']);
    expect(texts()).toMatchObject(theirs);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['.bacalhau-preflight.yaml', '.github']));
  });

  test('is refused at first', async () => {
    before = texts();
    const { code, stderr } = await run('.');
    expect(code).toBe(1);
    expect(stderr).toContain('30 taken');
  });

  test('with a baseline only news is told', async () => {
    const written = await run('.', '--baseline', 'known.json', '--update-baseline');
    expect([written.code, written.stderr]).toEqual([
      0,
      expect.stringMatching(/\d+ known findings written to known.json/),
    ]);
    expect((await run('.', '--baseline', 'known.json')).code).toBe(0);
    expect((await run('jobs/cores.yaml')).code).toBe(1);
    expect({ ...texts(), 'known.json': '' }).toEqual({ ...before, 'known.json': '' });
  });

  test('a diff shows what --fix then does, and nothing else changes', async () => {
    const shown = await run('.', '--diff');
    expect(shown.code).toBe(1);
    const planned = Array.from(shown.stdout.matchAll(/^\+\+\+ b\/(.*)$/gm), ([, path]) => path);
    await run('.', '--fix');
    const after = texts();
    const changed = Object.keys(after).filter((path) => path !== 'known.json' && after[path] !== before[path]);
    expect(changed.sort()).toEqual(planned.sort());
    expect(changed.length).toBeGreaterThan(8);
    for (const path of changed) {
      expect(after[path]?.includes('\r\n')).toBe(before[path]?.includes('\r\n'));
      expect(after[path]?.startsWith('\ufeff')).toBe(before[path]?.startsWith('\ufeff'));
    }
    expect(after['jobs/full-network.yaml']).toContain('Type: Host # as it was called');
    expect(after['jobs/shared.yaml']).toBe(before['jobs/shared.yaml']);
    expect(after['jobs/known.yaml']).toBe(before['jobs/known.yaml']);
  });

  test('a second run changes nothing', async () => {
    const once = texts();
    const { stdout } = await run('.', '--fix');
    expect(stdout).not.toBe('');
    expect(texts()).toEqual(once);
    expect(await run('.', '--diff')).toMatchObject({ code: 0, stdout: '' });
  });

  test('the baseline tells what is gone, and holds without it once it is updated', async () => {
    expect((await run('.', '--baseline', 'known.json')).stderr).toMatch(
      /known.json: \d+ entries match nothing any more/,
    );
    await run('.', '--baseline', 'known.json', '--update-baseline');
    const { code, stderr } = await run('.', '--baseline', 'known.json');
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('nothing any more')]);
  });

  /** Runs what the workflow that init wrote runs for a branch of the repository. */
  function gate(): { code: number | null; output: string } {
    const workflow = readFileSync(join(folder, '.github/workflows/bacalhau-preflight.yml'), 'utf8');
    const { jobs } = parse(workflow) as { jobs: Record<string, { steps: { name?: string; run?: string }[] }> };
    const step = jobs['pull-request']?.steps.find(({ name }) => name === 'Check a branch of this repository');
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', step?.run ?? 'exit 99'], {
      cwd: folder,
      env: {
        PATH: `${path}:${process.env.PATH ?? ''}`,
        HOME: path,
        CI: 'true',
        BACALHAU_PREFLIGHT_OFFLINE: '1',
        DOCKER_HOST: 'unix:///no-engine/docker.sock',
      },
      encoding: 'utf8',
    });
    return { code: status, output: `${stdout}${stderr}` };
  }

  test('the gate of CI lets in what is known, and nothing new', () => {
    expect(gate().code).toBe(1);
    appendFileSync(join(folder, '.bacalhau-preflight.yaml'), 'baseline: known.json\n');
    expect(gate()).toMatchObject({ code: 0, output: expect.not.stringContaining('::error') });
    writeFileSync(
      join(folder, 'jobs/count.yaml'),
      (before['jobs/count.yaml'] ?? '').replace('Type: batch', 'Type: Batch'),
    );
    expect(gate()).toEqual({
      code: 1,
      output: expect.stringMatching(/^::error title=job\/bad-value .*file=jobs\/count\.yaml,/m),
    });
    mkdirSync(join(folder, 'new'));
    writeFileSync(join(folder, 'new/Dockerfile'), 'FROM ubuntu:24.04\nENTRYPOINT ["run]\n');
    expect(gate().output).toMatch(/^::error .*file=new\/Dockerfile,/m);
  });
});
