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
  /** The command gets further arguments that are not in the text, at its end or where the text of `-I` stands. */
  readonly more?: true;
  /** Options with which it starts nothing, such as `command -v`. */
  readonly unless?: readonly string[];
  /** A Python script may stand in the place of the command. */
  readonly python?: true;
  /** It does something of its own before. */
  readonly itself?: true;
}

/** By program name, without folders. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  accelerate: {
    sub: 'launch',
    values: [
      '--num_processes',
      '--num_machines',
      '--config_file',
      '--mixed_precision',
      '--main_process_port',
      '--gpu_ids',
    ],
    python: true,
  },
  builtin: {},
  chroot: { operands: 1 },
  command: { unless: ['-v', '-V'] },
  conda: { sub: 'run', values: ['-n', '--name', '-p', '--prefix', '--cwd'] },
  doas: { values: ['-u', '-C'] },
  'dumb-init': { values: ['-r', '--rewrite'] },
  env: { values: ['-u', '--unset', '-C', '--chdir'], assignments: true },
  exec: { values: ['-a'] },
  flock: { values: ['-w', '--timeout', '-E'], operands: 1 },
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
  srun: { values: ['-n', '-N', '-c', '--mem', '--gres', '-t', '-p'] },
  stdbuf: { values: ['-i', '-o', '-e', '--input', '--output', '--error'] },
  'su-exec': { operands: 1 },
  sudo: { values: ['-u', '-g', '-h', '-p', '-C', '-D'], assignments: true },
  taskset: { operands: 1 },
  'tini-static': { values: ['-p', '-e'] },
  tini: { values: ['-p', '-e'] },
  time: { values: ['-f', '--format', '-o', '--output'] },
  timeout: { values: ['-s', '--signal', '-k', '--kill-after'], operands: 1 },
  unbuffer: {},
  uv: {
    sub: 'run',
    values: ['--with', '--with-requirements', '--python', '-p', '--project', '--directory', '--extra', '--group'],
    python: true,
    itself: true,
  },
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
  /** The words of the wrapper, where it does something of its own. */
  readonly itself?: readonly Word[];
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
  let mark: string | undefined;
  for (; next < words.length; next++) {
    const text = words[next]?.text ?? '';
    if (text === '--') {
      next++;
      break;
    }
    const equals = text.indexOf('=');
    if (text.startsWith('-') && text.length > 1) {
      if (wrapper.unless?.includes(text) === true) return undefined;
      if (wrapper.more === true) mark = markOf(text, words[next + 1]?.text) ?? mark;
      if (wrapper.values?.includes(text) === true) next++;
    } else if (wrapper.assignments === true && equals > 0 && /^\w+$/.test(text.slice(0, equals))) {
      environment.push({ name: text.slice(0, equals), value: text.slice(equals + 1) });
    } else if (operands > 0) {
      operands--;
    } else {
      break;
    }
  }
  const from = next + (words[next - 1]?.text === '--' ? operands : 0);
  const [first, ...rest] = words.slice(from);
  if (first === undefined) return undefined;
  const itself = wrapper.itself === true ? { itself: words.slice(0, from) } : {};
  return { words: started(wrapper, first, rest, mark), environment, ...itself };
}

/** The text that xargs replaces by what it reads: `-I{}`, `-I {}`, `-i`. */
function markOf(option: string, value: string | undefined): string | undefined {
  if (option === '-I') return value;
  if (option.startsWith('-I')) return option.slice(2);
  return option === '-i' || option === '--replace' ? '{}' : undefined;
}

function started(wrapper: Wrapper, first: Word, rest: readonly Word[], mark: string | undefined): readonly Word[] {
  const inner = [first, ...rest];
  if (wrapper.python === true && /\.pyw?$/.test(first.text)) {
    return [{ text: 'python', known: true, origin: first.origin, from: first.from }, ...inner];
  }
  if (wrapper.more !== true) return inner;
  if (mark === undefined || mark === '')
    return [...inner, { text: '…', known: false, origin: first.origin, from: first.from }];
  return inner.map((word) =>
    word.text.includes(mark) ? { ...word, text: word.text.replaceAll(mark, '…'), known: false } : word,
  );
}

/** Name of a program without its folders; empty when it is not known, or when the word is an option. */
export function programName(word: Word | undefined): string {
  if (word?.known !== true || /^-./.test(word.text)) return '';
  // Words that stand in one are no path.
  if (/\s/.test(word.text)) return word.text;
  return word.text.slice(word.text.lastIndexOf('/') + 1);
}
