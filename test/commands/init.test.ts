import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { openAsker, type Asker } from '../../src/commands/ask.js';
import { runCli, type CliResult } from '../kit/cli.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preflight-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const init = (...args: string[]): Promise<CliResult> => runCli(['init', '--yes', ...args], { cwd: folder });
const text = (path: string): string => readFileSync(join(folder, path), 'utf8');

describe('init', () => {
  test('what it writes is what check heeds', async () => {
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, 'job.yaml'), readFileSync('fixtures/demo/bad.yaml'));
    const written = await init('--ci', 'gitlab', '--target', '1.6', '--platform', 'linux/arm64', '--pre-commit');
    expect(written).toMatchObject({ code: 0, stderr: '' });
    const { stdout, stderr } = await runCli(['check', '.', '--offline'], { cwd: folder });
    expect(stdout).toContain('against Bacalhau 1.6 on linux/arm64');
    expect(stderr).toBe('5 files seen, 1 taken\n'); // none of the files that init wrote is taken for a job
  });

  test('a second run changes nothing, and --force brings a file back', async () => {
    await init('--ci', 'gitlab', '--pre-commit');
    const again = await init('--ci', 'gitlab', '--pre-commit');
    expect(again.stdout).not.toMatch(/^(wrote|kept)/m);
    const whole = text('.gitlab-ci.yml');
    writeFileSync(join(folder, '.gitlab-ci.yml'), 'stages: [build]\n');
    const kept = await init('--ci', 'gitlab');
    expect(kept.stdout).toMatch(/^kept {3}\.gitlab-ci\.yml [^]*^Add this to \.gitlab-ci\.yml.*:\n {2}include:\n/m);
    expect(text('.gitlab-ci.yml')).toBe('stages: [build]\n');
    await init('--ci', 'gitlab', '--force');
    expect(text('.gitlab-ci.yml')).toBe(whole);
  });

  test('guesses the CI system by its files, then by where the repository is pushed to', async () => {
    expect((await init()).stdout).not.toContain('.git');
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, '.git/config'), '[remote "origin"]\n\turl = git@github.com:acme/jobs.git\n');
    expect((await init()).stdout).toMatch(/^wrote {2}\.github\/workflows/m);
    rmSync(join(folder, '.github'), { recursive: true });
    writeFileSync(join(folder, '.gitlab-ci.yml'), '{}\n');
    expect((await init()).stdout).toContain('.gitlab/bacalhau-preflight.gitlab-ci.yml');
  });

  test('refuses what is no release, no platform and no top of a repository, and writes nothing', async () => {
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, 'sub'));
    for (const args of [
      ['--target', '0.9'],
      ['--target', 'none.yaml'],
      ['--platform', 'linux'],
      ['--ci', 'jenkins'],
    ]) {
      const { code, stderr } = await init(...args);
      expect({ args, code, lines: stderr.trimEnd().split('\n').length }).toEqual({ args, code: 2, lines: 1 });
    }
    const below = await runCli(['init', '--yes'], { cwd: join(folder, 'sub') });
    expect(below).toMatchObject({ code: 2, stderr: expect.stringContaining(folder) });
    expect(readdirSync(folder).sort()).toEqual(['.git', 'sub']);
  });

  test('a file that cannot be written is told, and the others are written', async () => {
    writeFileSync(join(folder, '.github'), 'a file\n');
    const { code, stderr } = await init('--ci', 'github');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\.github\/workflows\/bacalhau-preflight\.yml was not written: .+\n$/);
    expect(existsSync(join(folder, '.bacalhau-preflight.yaml'))).toBe(true);
  });
});

describe('asking', () => {
  const asked = (answers: string): { asker: Asker; output: PassThrough } => {
    const input = new PassThrough();
    const output = new PassThrough();
    const asker = openAsker(input, output);
    input.end(answers);
    return { asker, output };
  };

  test('an empty line is the usual answer', async () => {
    const { asker } = asked('\n');
    expect(await asker.ask('CI', 'github', () => undefined)).toBe('github');
  });

  test('an input that ends is no answer', async () => {
    const { asker } = asked('');
    await expect(asker.confirm('Overwrite?', true)).rejects.toThrow('nothing was written');
  });

  test('asks again until the answer fits', async () => {
    const { asker, output } = asked('perhaps\nYES\n');
    expect(await asker.confirm('Overwrite?', false)).toBe(true);
    expect(String(output.read())).toContain('please answer y or n');
  });

  test('an input that ends between two questions is no answer to the second', async () => {
    const { asker } = asked('1.9');
    expect(await asker.ask('Release', '1.8', () => undefined)).toBe('1.9');
    await expect(asker.ask('CI', 'github', () => undefined)).rejects.toThrow('nothing was written');
  });
});
