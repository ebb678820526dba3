import { beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '../../src/cli.js';
import { runCli } from '../kit/cli.js';
import { describeWith } from '../kit/service.js';

async function scriptFor(shell: string): Promise<string> {
  const { code, stdout, stderr } = await runCli(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

test.each(['bash', 'zsh', 'fish'])('%s: every command and every flag of check is there', async (shell) => {
  const script = await scriptFor(shell);
  for (const name of Object.keys(COMMANDS)) expect(script).toContain(name);
  for (const name of Object.keys(COMMANDS.check.flags)) expect(script).toContain(name);
});

test('an unknown shell is one line and exit code 2', async () => {
  const { code, stderr } = await runCli(['completion', 'tcsh']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^.*tcsh.*\n$/);
});

describe('bash completes', () => {
  let script: string;
  beforeAll(async () => {
    script = await scriptFor('bash');
  });

  /** What bash offers for the last of the words. */
  function offered(...words: string[]): string[] {
    const program = `eval "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bacalhau_preflight; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const args = ['--norc', '-c', program, 'bash', script, 'bacalhau-preflight', ...words];
    return execFileSync('bash', args, { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line !== '');
  }

  test.each<[string, string[], string[]]>([
    ['commands', [''], Object.keys(COMMANDS)],
    ['the rest of a command', ['ins'], ['inspect']],
    ['flags', ['check', '--changed'], ['--changed-since']],
    ['the flags of that command only', ['schema', '--'], ['--bacalhau', '--help']],
    ['values', ['check', '--format', 's'], ['sarif']],
    ['values behind =', ['check', '--format', '=', 'jso'], ['json']],
    ['values behind an = alone', ['check', '--fail-on', '='], ['error', 'warning', 'info', 'never']],
    ['files', ['check', 'package.j'], ['package.json']],
    ['files of a flag', ['check', '--config', 'package.j'], ['package.json']],
    ['rules', ['explain', 'image/platf'], ['image/platform']],
    ['shells', ['completion', 'f'], ['fish']],
    ['nothing of an unknown command', ['nothing', '-'], []],
  ])('%s', (_, words, expected) => {
    expect(offered(...words).sort()).toEqual([...expected].sort());
  });
});

for (const shell of ['zsh', 'fish']) {
  describeWith([shell], `completion for ${shell}`, () => {
    test('is read without a complaint', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'completion-'));
      try {
        const file = join(folder, 'script');
        writeFileSync(file, await scriptFor(shell));
        expect(execFileSync(shell, ['-n', file], { encoding: 'utf8' })).toBe('');
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
}
