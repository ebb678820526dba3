import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, startCli } from '../kit/cli.js';

jest.setTimeout(60_000);

function jobOf(type: string): string {
  return `Name: a\nType: ${type}\nCount: 1\nTasks:\n  - Name: main\n    Engine:\n      Type: docker\n      Params: { Image: 'ubuntu:24.04', Parameters: [date] }\n`;
}

describe('--watch', () => {
  const outer = mkdtempSync(join(tmpdir(), 'preflight-watch-'));
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(outer, 'jobs-'));
    mkdirSync(join(folder, '.git')); // the configuration file is looked for no further
    writeFileSync(join(folder, 'job.yaml'), jobOf('batch'));
  });
  afterAll(() => rmSync(outer, { recursive: true, force: true }));

  const WAITING = 'waiting for a change; Ctrl-C ends';

  test('a file that is written, replaced, removed and made again', async () => {
    const file = join(folder, 'job.yaml');
    const cli = startCli(['check', '--watch', '--offline', 'job.yaml'], { cwd: folder });
    await cli.printed(WAITING);
    writeFileSync(file, jobOf('written'));
    await cli.printed('Type: written');
    writeFileSync(join(folder, 'new'), jobOf('replaced'));
    renameSync(join(folder, 'new'), file);
    await cli.printed('Type: replaced');
    rmSync(file);
    await cli.printed('cannot read job.yaml');
    writeFileSync(file, jobOf('again'));
    await cli.printed('Type: again');
    cli.kill('SIGINT');
    expect((await cli.ended).code).toBe(130);
  });

  test('a folder: new files, new folders, and the configuration', async () => {
    const cli = startCli(['check', '--watch', '--offline'], { cwd: folder });
    await cli.printed(WAITING);
    mkdirSync(join(folder, 'new'));
    writeFileSync(join(folder, 'new/first.yaml'), jobOf('first'));
    await cli.printed('Type: first');
    writeFileSync(join(folder, 'new/first.yaml'), jobOf('second'));
    await cli.printed('Type: second');
    rmSync(join(folder, 'new'), { recursive: true });
    mkdirSync(join(folder, 'new'));
    writeFileSync(join(folder, 'new/third.yaml'), jobOf('third'));
    await cli.printed('Type: third');
    writeFileSync(join(folder, '.bacalhau-preflight.yaml'), 'platform: linux/arm64\n');
    await cli.printed('unknown key platform');
    cli.kill('SIGTERM');
    expect((await cli.ended).code).toBe(143);
  });

  test('no escape sequences where there is no terminal', async () => {
    const cli = startCli(['check', '--watch', '--offline', 'job.yaml'], { cwd: folder });
    await cli.printed(WAITING);
    writeFileSync(join(folder, 'job.yaml'), jobOf('written'));
    await cli.printed('Type: written');
    const found = cli.printed('\u001b').then(
      () => 'found',
      () => 'not found',
    );
    cli.kill('SIGINT');
    await expect(found).resolves.toBe('not found');
  });

  test.each<[string, string[], Record<string, string>]>([
    ['standard input', ['-'], {}],
    ['CI', ['job.yaml'], { CI: 'true' }],
    ['an image alone', ['--image', 'ubuntu:24.04'], {}],
    ['fixes', ['job.yaml', '--fix'], {}],
    ['reports in files', ['job.yaml', '--report', 'json:out.json'], {}],
    ['what is nowhere', ['nowhere/job.yaml', '--config', 'nowhere/config.yaml'], {}],
  ])('refuses %s in one line', async (_, words, env) => {
    const { code, stdout, stderr } = await runCli(['check', '--watch', '--offline', ...words], { cwd: folder, env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^.*--watch.*\n$/);
  });
});
