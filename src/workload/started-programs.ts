import type { ImageConfig, ProgramQuestion } from '../image/facts.js';
import type { Task } from '../job/job-spec.js';
import { resolvePath } from '../text/posix-path.js';
import type { Word, Workload } from './workload.js';

/** A program that the container starts, and how it looks for it. */
export interface StartedProgram extends ProgramQuestion {
  readonly at: Word;
}

/** What Docker puts into PATH where nobody sets it (moby, `oci/defaults.go`). */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Gives the programs that will be started by the words of the command, as far as these are known. */
export function startedPrograms(
  { command }: Workload,
  config: ImageConfig,
  task: Task | undefined,
): readonly StartedProgram[] {
  const [first] = command.words;
  const searchPath = searchPathOf(config, task);
  const { workingDir, complete } = command;
  if (!complete || first?.known !== true || first.text === '' || workingDir === undefined) return [];
  if (searchPath === undefined && !first.text.includes('/')) return [];
  return [{ at: first, word: first.text, workingDir, searchPath: searchPath ?? [] }];
}

/** Gives the program that an image starts by itself, without a job. */
export function programsOfImage(config: ImageConfig): readonly StartedProgram[] {
  const [first] = [...config.entrypoint, ...config.cmd];
  if (first === undefined || first === '') return [];
  const searchPath = searchPathOf(config, undefined);
  if (searchPath === undefined && !first.includes('/')) return [];
  const at: Word = { text: first, known: true, origin: 'spec', from: 'image' };
  return [{ at, word: first, workingDir: resolvePath('/', config.workingDir), searchPath: searchPath ?? [] }];
}

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
