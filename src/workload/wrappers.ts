import { own } from './own.js';
import type { Word } from './workload.js';

/** A program that starts another one, named in its own arguments. */
interface Wrapper {
  /** Options whose value is the next word. */
  readonly values?: readonly string[];
  /** Words between its options and the command, such as the duration of `timeout`. */
  readonly operands?: number;
  /** `NAME=value` words before the command set its environment. */
  readonly assignments?: true;
  /** Sub-command that makes it a wrapper, `conda run`. */
  readonly sub?: string;
  /** The command gets further arguments that are not in the text. */
  readonly more?: true;
}

/** By program name, without folders. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  builtin: {},
  command: {},
  conda: { sub: 'run', values: ['-n', '--name', '-p', '--prefix', '--cwd'] },
  doas: { values: ['-u', '-C'] },
  'dumb-init': { values: ['-r', '--rewrite'] },
  env: { values: ['-u', '--unset', '-C', '--chdir'], assignments: true },
  exec: { values: ['-a'] },
  gosu: { operands: 1 },
  ionice: { values: ['-c', '-n', '-p'] },
  mamba: { sub: 'run', values: ['-n', '--name', '-p', '--prefix', '--cwd'] },
  micromamba: { sub: 'run', values: ['-n', '--name', '-p', '--prefix', '--cwd'] },
  mpiexec: { values: ['-n', '-np', '-host', '--host', '--hostfile', '-x'] },
  mpirun: { values: ['-n', '-np', '-host', '--host', '--hostfile', '-x'] },
  nice: { values: ['-n', '--adjustment'] },
  nohup: {},
  numactl: { values: ['-N', '-m', '-C', '--cpunodebind', '--membind', '--physcpubind'] },
  pipenv: { sub: 'run' },
  poetry: { sub: 'run' },
  setsid: {},
  stdbuf: { values: ['-i', '-o', '-e', '--input', '--output', '--error'] },
  'su-exec': { operands: 1 },
  sudo: { values: ['-u', '-g', '-h', '-p', '-C', '-D'], assignments: true },
  taskset: { operands: 1 },
  'tini-static': { values: ['-p', '-e'] },
  tini: { values: ['-p', '-e'] },
  time: { values: ['-f', '--format', '-o', '--output'] },
  timeout: { values: ['-s', '--signal', '-k', '--kill-after'], operands: 1 },
  uv: { sub: 'run', values: ['--with', '--python', '-p', '--project', '--directory', '--extra', '--group'] },
  xargs: { values: ['-I', '-n', '-P', '-d', '-L', '-a', '-s', '-E', '--max-args', '--max-procs'], more: true },
  'xvfb-run': {
    values: ['-s', '--server-args', '-n', '--server-num', '-e', '--error-file', '-f', '--auth-file', '-w'],
  },
};

/** Nobody wraps a command more often; a text that does is made to hurt. */
export const MOST_WRAPPERS = 50;

/** The command inside a wrapper, and the variables that the wrapper sets for it. */
export interface Unwrapped {
  readonly words: readonly Word[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

/** Takes off one wrapper; undefined when the program is none, or starts nothing. */
export function unwrap(words: readonly Word[]): Unwrapped | undefined {
  const wrapper = own(WRAPPERS, programName(words[0]));
  if (wrapper === undefined) return undefined;
  let next = 1;
  if (wrapper.sub !== undefined) {
    if (words[next]?.text !== wrapper.sub) return undefined;
    next++;
  }
  const environment: { name: string; value: string }[] = [];
  let operands = wrapper.operands ?? 0;
  for (; next < words.length; next++) {
    const text = words[next]?.text ?? '';
    if (text === '--') {
      next++;
      break;
    }
    const equals = text.indexOf('=');
    if (text.startsWith('-') && text.length > 1) {
      if (wrapper.values?.includes(text) === true) next++;
    } else if (wrapper.assignments === true && equals > 0 && /^\w+$/.test(text.slice(0, equals))) {
      environment.push({ name: text.slice(0, equals), value: text.slice(equals + 1) });
    } else if (operands > 0) {
      operands--;
    } else {
      break;
    }
  }
  const inner = words.slice(next + (words[next - 1]?.text === '--' ? operands : 0));
  const [first] = inner;
  if (first === undefined) return undefined;
  const unseen: Word = { text: '…', known: false, origin: 'guess', from: first.from };
  return { words: wrapper.more === true ? [...inner, unseen] : inner, environment };
}

/** Name of a program without its folders; empty when it is not known. */
export function programName(word: Word | undefined): string {
  if (word?.known !== true) return '';
  return word.text.slice(word.text.lastIndexOf('/') + 1);
}
