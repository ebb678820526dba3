import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Says of a path, seen from the working directory, whether it is among the changed files. */
export type IsChanged = (path: string) => Promise<boolean>;

/**
 * Asks git which files differ from where the branch left another: committed, uncommitted and untracked ones; deleted
 * files are none.
 *
 * @param ref branch, tag or commit that the branch left
 * @param cwd absolute path inside the repository
 * @returns a message when git cannot say
 */
export async function changedSince(ref: string, cwd: string): Promise<IsChanged | string> {
  const top = await git(cwd, ['rev-parse', '--show-toplevel']);
  if (!top.ok) return top.why === 'no git' ? 'git is not installed' : `${cwd} is not in a git repository`;
  const folder = top.output.replace(/\n$/, '');
  const commit = ref.startsWith('-')
    ? undefined
    : await git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  if (commit?.ok !== true) {
    const shallow = await git(folder, ['rev-parse', '--is-shallow-repository']);
    const isShallow = shallow.ok && shallow.output.trim() === 'true';
    const hint = isShallow ? ', which is a shallow clone; in CI fetch the whole history' : '';
    return `${ref} is no branch, tag or commit of this repository${hint}`;
  }
  const base = await git(folder, ['merge-base', commit.output.trim(), 'HEAD']);
  if (!base.ok) return `${ref} and HEAD have no common commit here; in CI fetch the whole history`;
  const options = ['--name-only', '-z', '--diff-filter=d', '--no-ext-diff', '--ignore-submodules'];
  const changed = await git(folder, ['diff', ...options, base.output.trim(), '--']);
  const untracked = await git(folder, ['ls-files', '--others', '--exclude-standard', '-z']);
  if (!changed.ok || !untracked.ok) return 'git cannot tell the changed files';
  const names = `${changed.output}${untracked.output}`.split('\0').filter((name) => name !== '');
  const files = new Set(names.map((name) => join(folder, name)));
  return async (path) => {
    try {
      // git gives the paths that no link leads through
      return files.has(join(await realpath(dirname(resolve(cwd, path))), basename(path)));
    } catch {
      return true; // what is not there is told by who reads it
    }
  };
}

/** 64 MB of names: more than any repository has. */
const MAX_OUTPUT = 64 * 1024 * 1024;

type GitResult = { readonly ok: true; readonly output: string } | { readonly ok: false; readonly why: string };

function git(cwd: string, words: readonly string[]): Promise<GitResult> {
  // A file watcher is a program that the configuration of a repository names, and nothing here needs one.
  const args = ['--no-optional-locks', '-c', 'core.fsmonitor=false', ...words];
  return new Promise((done) => {
    execFile('git', args, { cwd, maxBuffer: MAX_OUTPUT }, (error, stdout) => {
      if (error === null) done({ ok: true, output: stdout });
      else done({ ok: false, why: error.code === 'ENOENT' ? 'no git' : 'refused' });
    });
  });
}
