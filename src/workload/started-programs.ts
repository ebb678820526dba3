import type { ImageConfig, ProgramQuestion } from '../image/facts.js';
import type { Task } from '../job/job-spec.js';
import { resolvePath } from '../text/posix-path.js';
import type { ProgramCall, Word, Workload } from './workload.js';

/** A program that is started, and how it is looked for. */
export interface StartedProgram extends ProgramQuestion {
  readonly at: Word;
  /** Who starts it: Docker, as the command of the container, or a shell in it. */
  readonly by: 'container' | 'shell';
}

/** What Docker puts into PATH where nobody sets it (moby, `oci/defaults.go`). */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Gives the programs that will be started by the words of the command, as far as these are known. */
export function startedPrograms(
  { command, calls }: Workload,
  config: ImageConfig,
  task: Task | undefined,
): readonly StartedProgram[] {
  const [first] = command.words;
  const { workingDir, complete } = command;
  if (!complete || first?.known !== true || first.text === '' || workingDir === undefined) return [];
  const searchPath = searchPathOf(config, task);
  const own = searchPath === undefined && !first.text.includes('/') ? [] : [first];
  return [
    ...own.map((at) => started(at, 'container', workingDir, searchPath)),
    ...(searchPath === undefined ? [] : calledByShell(calls).map((at) => started(at, 'shell', workingDir, searchPath))),
  ];
}

/** Gives the program that an image starts by itself, without a job. */
export function programsOfImage(config: ImageConfig): readonly StartedProgram[] {
  const [first] = [...config.entrypoint, ...config.cmd];
  if (first === undefined || first === '') return [];
  const searchPath = searchPathOf(config, undefined);
  if (searchPath === undefined && !first.includes('/')) return [];
  const at: Word = { text: first, known: true, origin: 'spec', from: 'image' };
  return [started(at, 'container', resolvePath('/', config.workingDir), searchPath)];
}

function started(
  at: Word,
  by: StartedProgram['by'],
  workingDir: string,
  searchPath: readonly string[] | undefined,
): StartedProgram {
  return { at, by, word: at.text, workingDir, searchPath: searchPath ?? [] };
}

/**
 * Names of programs that a shell text calls, up to the first call after which the image may not be what it was: what
 * installs, downloads, unpacks, copies or reads in may bring a program, and a function or alias may be one.
 */
function calledByShell(calls: readonly ProgramCall[]): Word[] {
  const words: Word[] = [];
  for (const { program, words: call, origin } of calls) {
    const [first] = call;
    if (origin !== 'shell' || first?.known !== true || !/^[\w.+-]+$/.test(program)) return words;
    if (!SHELL_WORDS.has(program) && program === first.text) words.push(first);
    if (!KEEPS_PROGRAMS.has(program)) return words;
  }
  return words;
}

/** Builtins of sh and bash that are no program in most images, or are not looked for as one. */
const SHELL_WORDS = new Set(
  (
    '. : [ [[ alias bg bind break builtin caller cd command compgen complete continue coproc declare dirs disown echo ' +
    'enable eval exec exit export false fc fg function getopts hash help history jobs kill let local logout mapfile ' +
    'popd printf pushd pwd read readarray readonly return select set shift shopt source suspend test time times trap ' +
    'true type typeset ulimit umask unalias unset wait'
  ).split(' '),
);

/** Calls after which every program is still where it was. */
const KEEPS_PROGRAMS = new Set(
  (
    ': [ [[ awk basename cat cd comm cut date declare df diff dirname du echo env exit false find free grep egrep ' +
    'fgrep head hostname id jq ls local md5sum mkdir nproc nvidia-smi paste popd printenv printf pushd pwd read ' +
    'readonly return sed seq set sha256sum shift shopt sleep sort stat tail test time touch tr trap true typeset ' +
    'ulimit umask uname uniq unset wait wc whoami yes zcat'
  ).split(' '),
);

/** Folders of PATH, as the container gets it; undefined when they are not all known. */
function searchPathOf(config: ImageConfig, task: Task | undefined): string[] | undefined {
  const own = [
    ...(task?.env ?? []).map(({ name, value }) => `${name.value}=${value.value}`),
    ...(task?.engine?.docker?.environmentVariables ?? []).map(({ value }) => value),
  ];
  const [path] = [...config.env, ...own].filter((pair) => pair.startsWith('PATH=')).slice(-1);
  const folders = (path?.slice('PATH='.length) ?? DEFAULT_PATH).split(':').filter((folder) => folder !== '');
  // A folder that is named by a variable, or relative to where the program stands, may be anything.
  return folders.every((folder) => folder.startsWith('/') && !/[${]/.test(folder))
    ? folders.map((folder) => resolvePath('/', folder))
    : undefined;
}
