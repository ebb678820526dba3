import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, type CliResult } from './kit/cli.js';

/** A team's repository goes through baseline, fix and gate, one step after the other in the same folder. */
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'repository-'));
  cpSync('fixtures/repository', folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<CliResult> {
  return runCli(['check', '--offline', ...args], { cwd: folder });
}

function texts(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      join(parentPath, name).slice(folder.length + 1),
      readFileSync(join(parentPath, name), 'utf8'),
    ]),
  );
}

describe('a repository of 30 jobs and Dockerfiles', () => {
  let before: Record<string, string> = {};

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

  test('the gate lets nothing new in', async () => {
    writeFileSync(
      join(folder, 'jobs/count.yaml'),
      (before['jobs/count.yaml'] ?? '').replace('Type: batch', 'Type: Batch'),
    );
    const { code, stdout } = await run('.', '--baseline', 'known.json');
    expect([code, stdout]).toEqual([1, expect.stringContaining('job/bad-value')]);
  });
});
