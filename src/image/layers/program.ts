import { resolvePath } from '../../text/posix-path.js';
import type { FileHead, ImageFiles, ProgramQuestion } from '../facts.js';

/** What a container finds when it starts a program, and what keeps the program from starting. */
export type FoundProgram =
  | { readonly kind: 'starts'; readonly path: string }
  /** There is no such file, or none in PATH. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'folder' | 'not-executable' | 'no-shebang' | 'empty'; readonly path: string }
  | { readonly kind: 'carriage-return' | 'no-interpreter'; readonly path: string; readonly interpreter: string }
  | { readonly kind: 'no-loader'; readonly path: string; readonly loader: string }
  | { readonly kind: 'wrong-machine'; readonly path: string; readonly architecture: string }
  /** A layer that was not read, or a file whose beginning was not. */
  | { readonly kind: 'unknown' };

/** Scripts that are started by scripts, at most (Linux, `fs/exec.c`). */
const MOST_INTERPRETERS = 5;

/** Looks for a program as a container does (runc, as Go's exec.LookPath), and at what starts it. */
export function findProgram(files: ImageFiles, question: ProgramQuestion): FoundProgram {
  const { word, workingDir } = question;
  if (word.includes('/')) return judgeFile(files, resolvePath(workingDir, word), question, 0);
  let refused: FoundProgram = { kind: 'absent' };
  for (const folder of question.searchPath) {
    const path = resolvePath(folder, word);
    const found = files.stat(path);
    // A layer below may put another program earlier in PATH; it is the one of that name all the same.
    if (found.kind === 'unknown') refused = found;
    if (found.kind !== 'file') continue;
    if (found.executable) return judgeFile(files, path, question, 0);
    if (refused.kind === 'absent') refused = { kind: 'not-executable', path };
  }
  return refused;
}

function judgeFile(files: ImageFiles, path: string, question: ProgramQuestion, depth: number): FoundProgram {
  const found = files.stat(path);
  switch (found.kind) {
    case 'absent':
    case 'unknown':
      return { kind: found.kind };
    case 'folder':
      return { kind: 'folder', path };
    case 'other':
      return { kind: 'unknown' };
    case 'file':
      if (!found.executable) return { kind: 'not-executable', path };
      return found.head === undefined ? { kind: 'unknown' } : judgeHead(files, path, found.head, question, depth);
  }
}

function judgeHead(
  files: ImageFiles,
  path: string,
  head: FileHead,
  question: ProgramQuestion,
  depth: number,
): FoundProgram {
  switch (head.kind) {
    case 'elf': {
      const { architecture, loader } = head;
      if (!runsOn(architecture, files.platform)) return { kind: 'wrong-machine', path, architecture };
      const there = loader?.startsWith('/') === true ? files.stat(loader).kind : 'file';
      if (there === 'absent') return { kind: 'no-loader', path, loader: loader ?? '' };
      return there === 'unknown' ? { kind: 'unknown' } : { kind: 'starts', path };
    }
    case 'script':
      return judgeScript(files, path, head, question, depth);
    case 'text':
      return { kind: 'no-shebang', path };
    case 'empty':
      return { kind: 'empty', path };
    case 'other':
      return { kind: 'starts', path };
  }
}

function judgeScript(
  files: ImageFiles,
  path: string,
  { interpreter, argument, hasCR }: FileHead & { kind: 'script' },
  question: ProgramQuestion,
  depth: number,
): FoundProgram {
  if (hasCR) return { kind: 'carriage-return', path, interpreter };
  if (interpreter === '') return { kind: 'no-shebang', path };
  if (depth === MOST_INTERPRETERS) return { kind: 'unknown' };
  const started = judgeFile(files, resolvePath(question.workingDir, interpreter), question, depth + 1);
  if (started.kind === 'absent') return { kind: 'no-interpreter', path, interpreter };
  if (started.kind !== 'starts') return started;
  const named = interpreter.endsWith('/env')
    ? /^(?:-S\s+)?([^\s=-][^\s=]*)(?:\s|$)/.exec(argument ?? '')?.[1]
    : undefined;
  if (named === undefined) return { kind: 'starts', path };
  const found = findProgram(files, { ...question, word: named });
  if (found.kind === 'absent') return { kind: 'no-interpreter', path, interpreter: named };
  return found.kind === 'starts' ? { kind: 'starts', path } : found;
}

/** Whether a kernel of the platform runs programs of this machine; where that is not known, yes. */
function runsOn(machine: string, platform: string): boolean {
  const architecture = platform.split('/')[1] ?? '';
  if (machine.startsWith('machine ') || machine === architecture) return true;
  if (!COMPARED.has(machine) || !COMPARED.has(architecture)) return true;
  return OLDER[architecture] === machine;
}

const COMPARED = new Set(['amd64', 'arm64', '386', 'arm', 'ppc64le', 's390x', 'riscv64', 'loong64']);
const OLDER: Readonly<Record<string, string>> = { amd64: '386', arm64: 'arm' };
