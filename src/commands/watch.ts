import { spawn } from 'node:child_process';
import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CONFIG_NAME, findConfig } from '../config/find.js';
import { isFolder } from '../check/gather.js';
import { reasonOf } from '../text/read-file.js';
import { UsageError } from './core.js';

/** One save of an editor is several events; those within this time, in ms, are one change. */
const GATHER_MS = 50;

/**
 * Checks, and checks again whenever one of the files changes. Each check is a process of its own, which reads
 * configuration and plugins anew. Ends with the process.
 *
 * @param named files and folders to check, there or not
 * @param flags what else is read
 * @param words the words of the check command
 * @throws UsageError
 */
export async function watchAndCheck(
  named: readonly string[],
  flags: { readonly config?: string | undefined; readonly baseline?: string | undefined },
  words: readonly string[],
): Promise<never> {
  if (process.env.CI !== undefined && process.env.CI !== '') throw new UsageError('--watch has no end; CI is set');
  if (named.includes('-')) throw new UsageError('--watch: standard input is read once; name a file');
  if (named.length === 0) throw new UsageError('--watch: name a file or a folder');
  const config = flags.config ?? findConfig(process.cwd()) ?? CONFIG_NAME;
  const paths = [...named, config, ...(flags.baseline === undefined ? [] : [flags.baseline])];
  let child: ReturnType<typeof spawn> | undefined;
  for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
    process.once(signal, () => {
      child?.kill(signal);
      process.exit(code);
    });
  }
  const changes = watchedChanges(paths);
  let files = await changes.files();
  for (;;) {
    await new Promise<void>((done, fail) => {
      child = spawn(process.execPath, [process.argv[1] ?? '', 'check', ...words], { stdio: 'inherit' });
      child.on('error', fail);
      child.on('close', () => done());
    });
    process.stderr.write('waiting for a change; Ctrl-C ends\n');
    for (let isSame = true; isSame;) {
      const changed = await changes.next();
      const before = files;
      files = await changes.files();
      isSame = hasSame(before, files) && !changed.some((path) => files.has(path));
    }
    if (process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[H');
  }
}

interface Changes {
  /** The files that count now, as absolute paths; from here on their changes are seen. */
  readonly files: () => Promise<ReadonlySet<string>>;
  /** Waits for a change; gives what changed, which may be files that do not count. */
  readonly next: () => Promise<readonly string[]>;
}

function watchedChanges(paths: readonly string[]): Changes {
  const roots = paths.map((path) => resolve(path));
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let wake: () => void = () => undefined;
  const note = (path: string): void => {
    changed.add(path);
    wake();
  };
  const files = async (): Promise<ReadonlySet<string>> => {
    const { files: found, folders } = await listed(roots);
    for (const [folder, watcher] of watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders) {
      const watcher = watchers.get(folder) ?? (await watchFolder(folder, note));
      if (watcher !== undefined) watchers.set(folder, watcher);
    }
    if (watchers.size === 0) throw new UsageError(`--watch: nothing is at ${paths.join(', ')}`);
    return found;
  };
  const next = async (): Promise<readonly string[]> => {
    if (changed.size === 0) await new Promise<void>((done) => (wake = done));
    await setTimeout(GATHER_MS);
    const seen = [...changed];
    changed.clear();
    for (const path of seen) {
      // A folder that was made anew is another one, which the old watcher does not see.
      watchers.get(path)?.close();
      watchers.delete(path);
    }
    return seen;
  };
  return { files, next };
}

/** Undefined for a folder that is not there. */
async function watchFolder(folder: string, note: (path: string) => void): Promise<FSWatcher | undefined> {
  try {
    const watcher = watch(folder, (_, name) => note(name === null ? folder : join(folder, name)));
    watcher.on('error', () => note(folder));
    return watcher;
  } catch (error) {
    if (!(await isFolder(folder))) return undefined;
    throw new UsageError(`--watch: ${folder} cannot be watched: ${await reasonOf(error, folder)}`);
  }
}

/** What is to be watched: of a file its folder, because editors put a new file in its place. */
async function listed(roots: readonly string[]): Promise<{ files: ReadonlySet<string>; folders: ReadonlySet<string> }> {
  const files = new Set(roots);
  const folders = new Set<string>();
  for (const root of roots) {
    if (basename(root) !== '') folders.add(dirname(root));
    if (!(await isFolder(root))) continue;
    const { searchFolder } = await import('../check/search-folder.js');
    const found = await searchFolder(root);
    for (const file of found.files) files.add(file);
    for (const folder of found.folders) folders.add(folder);
  }
  return { files, folders };
}

function hasSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((each) => other.has(each));
}
