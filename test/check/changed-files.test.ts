import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changedSince } from '../../src/check/changed-files.js';
import { runCli } from '../kit/cli.js';

const IDENTITY = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
const JOB = readJob('batch');

function readJob(type: string): string {
  return `Name: a\nType: ${type}\nCount: 1\nTasks:\n  - Name: main\n    Engine:\n      Type: docker\n      Params: { Image: 'ubuntu:24.04', Parameters: [date] }\n`;
}

describe('files that a branch changed', () => {
  let outer: string;
  let folder: string;
  const git = (...words: string[]): void => {
    execFileSync('git', [...IDENTITY, ...words], { cwd: folder, stdio: 'ignore' });
  };
  const write = (name: string, text = JOB): void => writeFileSync(join(folder, name), text);

  beforeAll(() => {
    outer = realpathSync(mkdtempSync(join(tmpdir(), 'preflight-changed-')));
  });
  beforeEach(() => {
    folder = mkdtempSync(join(outer, 'repo '));
    mkdirSync(join(folder, 'jobs'));
    git('init', '-q', '-b', 'main');
    for (const name of ['same.yaml', 'committed.yaml', 'staged.yaml', 'edited.yaml', 'deleted.yaml', 'old.yaml']) {
      write(`jobs/${name}`, `# ${name}\n${JOB}`);
    }
    write('.gitignore', 'ignored.yaml\n');
    git('add', '.');
    git('commit', '-qm', 'first');
    git('checkout', '-qb', 'branch');
  });
  afterAll(() => rmSync(outer, { recursive: true, force: true }));

  async function changed(ref: string, names: readonly string[], cwd = folder): Promise<string[]> {
    const isChanged = await changedSince(ref, cwd);
    if (typeof isChanged === 'string') throw new Error(isChanged);
    const found = await Promise.all(names.map(async (name) => ((await isChanged(name)) ? [name] : [])));
    return found.flat();
  }

  test('committed, staged, edited, untracked and renamed ones, and none that only the other branch changed', async () => {
    write('jobs/committed.yaml', 'a');
    git('mv', 'jobs/old.yaml', 'jobs/new\n"ä.yaml');
    git('commit', '-qam', 'second');
    git('checkout', '-q', 'main');
    write('jobs/same.yaml', 'changed on main');
    git('commit', '-qam', 'on main');
    git('checkout', '-q', 'branch');
    write('jobs/staged.yaml', 'a');
    git('add', '.');
    write('jobs/edited.yaml', 'a');
    write('jobs/untracked.yaml', 'a');
    write('jobs/ignored.yaml', 'a');
    const names = ['committed', 'new\n"ä', 'staged', 'edited', 'untracked', 'same', 'ignored', 'deleted', 'old'];
    const inJobs = names.map((name) => `${name}.yaml`);
    const expected = inJobs.slice(0, 5);
    expect(await changed('main', inJobs, join(folder, 'jobs'))).toEqual(expected);
    const fromTop = inJobs.map((name) => `jobs/${name}`);
    expect(await changed('main', fromTop)).toEqual(expected.map((name) => `jobs/${name}`));
  });

  test('a deleted file is none, and a path through a linked folder is found', async () => {
    rmSync(join(folder, 'jobs/deleted.yaml'));
    write('jobs/edited.yaml', 'a');
    symlinkSync('jobs', join(folder, 'link'));
    expect(await changed('main', ['jobs/deleted.yaml', 'link/edited.yaml'])).toEqual(['link/edited.yaml']);
  });

  test.each([
    '--output=stolen',
    '-O',
    '--',
    '',
    'nowhere',
    'main..branch',
    'main:jobs/same.yaml',
    '@{bad',
    'HEAD^{tree}',
  ])('refuses %j as a reference', async (ref) => {
    expect(await changedSince(ref, folder)).toBe(`${ref} is no branch, tag or commit of this repository`);
    expect(existsSync(join(folder, 'stolen'))).toBe(false);
  });

  test('unrelated histories', async () => {
    git('checkout', '-q', '--orphan', 'other');
    git('commit', '-qm', 'another beginning');
    expect(await changedSince('main', folder)).toContain('no common commit here; in CI fetch the whole history');
  });

  test('a shallow clone that lacks the other branch is told so', async () => {
    const clone = join(outer, 'clone');
    git('clone', '-q', '--depth', '1', `file://${folder}`, clone);
    expect(await changedSince('origin/main', clone)).toBe(
      'origin/main is no branch, tag or commit of this repository, which is a shallow clone; in CI fetch the whole history',
    );
    expect(await changedSince('nowhere', folder)).toBe('nowhere is no branch, tag or commit of this repository');
  });

  test('programs that the configuration of the repository names do not run', async () => {
    git('config', 'core.fsmonitor', `touch ${join(outer, 'ran')};`);
    git('config', 'diff.external', `touch ${join(outer, 'ran')};`);
    write('jobs/edited.yaml', 'a');
    rmSync(join(outer, 'ran'), { force: true });
    expect(await changed('main', ['jobs/edited.yaml'])).toEqual(['jobs/edited.yaml']);
    expect(existsSync(join(outer, 'ran'))).toBe(false);
  });

  test('check looks at these alone', async () => {
    const none = await runCli(['check', '--offline', '--changed-since', 'main', '.'], { cwd: folder });
    expect(none).toMatchObject({ code: 0 });
    expect(none.stderr).toContain('nothing to check: no job spec and no Dockerfile changed since main');
    write('jobs/edited.yaml', readJob('btch'));
    write('jobs/same.yaml', `# same.yaml\n${JOB}`);
    for (const paths of [[], ['jobs'], ['jobs/edited.yaml', 'jobs/same.yaml']]) {
      const one = await runCli(['check', '--offline', '--changed-since', 'main', ...paths], { cwd: folder });
      expect(one.code).toBe(1);
      expect(one.stdout).toContain('jobs/edited.yaml');
      expect(one.stdout).not.toContain('same.yaml');
    }
  });

  test('what cannot be told is one line and exit code 2', async () => {
    const outside = await runCli(['check', '--changed-since', 'main', '.'], { cwd: outer });
    expect(outside).toMatchObject({
      code: 2,
      stderr: `--changed-since main: ${outer} is not in a git repository\n`,
    });
    const hostile = await runCli(['check', '--changed-since=--output=x', '.'], { cwd: folder });
    expect(hostile.code).toBe(2);
    expect(hostile.stderr.split('\n')).toHaveLength(2);
    const alone = await runCli(['check', '--changed-since', 'main', '--image', 'ubuntu:24.04'], { cwd: folder });
    expect(alone).toMatchObject({ code: 2, stdout: '' });
  });
});
