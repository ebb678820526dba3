import type { Language } from '../code/tokens.js';
import { own } from '../own.js';
import type { Word } from '../workload.js';

/** Languages of scripts that are looked into. */
export type ScriptLanguage = Language | 'shell';

/** Interpreters end their own options at the script; the rest belongs to the script. Names are separated by blanks. */
interface Interpreter {
  /** Options whose value is a text to run. */
  readonly text?: string;
  /** The same, where the rest are files that are read through it (`perl -ne`). */
  readonly filter?: string;
  /** Options whose value is the name of a module. */
  readonly module?: string;
  /** Options whose value is a script. */
  readonly script?: string;
  /** Options whose value is a class path; what follows is the name of a class. */
  readonly classes?: string;
  /** Other options with a value. */
  readonly values?: string;
  /** The language of its texts and scripts, where they are looked at. */
  readonly language?: ScriptLanguage;
}

const PYTHON: Interpreter = { text: '-c', module: '-m', values: '-W -X', language: 'python' };
const NODE: Interpreter = {
  text: '-e -p -pe --eval --print',
  values: '-r --require --import --loader --experimental-loader -C',
  language: 'javascript',
};
const SHELL: Interpreter = { values: '-o', language: 'shell' };

/** By program name; versions (`python3.12`) are taken off first. */
const INTERPRETERS: Readonly<Record<string, Interpreter>> = {
  python: PYTHON,
  pypy: PYTHON,
  Rscript: { text: '-e', language: 'r' },
  node: NODE,
  nodejs: NODE,
  deno: {},
  perl: { text: '-e -E', filter: '-ne -pe -pi -pie -nE -lne -lane -ane', values: '-I' },
  ruby: { text: '-e', filter: '-ne -pe', values: '-I -r' },
  php: { text: '-r', script: '-f', values: '-d -c' },
  julia: { text: '-e -E --eval', values: '-t --threads -p -J -L', language: 'julia' },
  lua: { text: '-e', values: '-l' },
  java: { script: '-jar', classes: '-cp -classpath --class-path', values: '-p --module-path --add-modules' },
  swipl: { text: '-g -t', script: '-s -f -l' },
  octave: { text: '--eval' },
  torchrun: { module: '-m', values: '--nproc_per_node --nproc-per-node --nnodes --master_port --rdzv_backend' },
  deepspeed: { values: '--num_gpus --num_nodes --include --exclude --hostfile --master_port' },
  sh: SHELL,
  bash: { ...SHELL, values: '-o -O --rcfile --init-file' },
  dash: SHELL,
  ash: SHELL,
  zsh: SHELL,
  ksh: SHELL,
  source: {},
  '.': {},
};

/** What an interpreter is told to run. */
export interface InterpreterCall {
  readonly kind: 'script' | 'text' | 'filter' | 'module' | 'class';
  /** The script, the text, the module, or the class path. */
  readonly word: Word;
  /** The words that the script gets. */
  readonly rest: readonly Word[];
}

function interpreterNamed(name: string): Interpreter | undefined {
  return own(INTERPRETERS, name.replace(/[\d.]+$/, '')) ?? own(INTERPRETERS, name);
}

/** The language that an interpreter reads, where it is looked at. */
export function languageOfProgram(name: string): ScriptLanguage | undefined {
  return interpreterNamed(name)?.language;
}

const EXTENSIONS: Readonly<Record<string, ScriptLanguage>> = {
  py: 'python',
  r: 'r',
  jl: 'julia',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  sh: 'shell',
  bash: 'shell',
};

/** The language of a script by the end of its name, else by the interpreter that its first line names. */
export function languageOfScript(path: string, text: string): ScriptLanguage | undefined {
  const byName = own(EXTENSIONS, path.slice(path.lastIndexOf('.') + 1).toLowerCase());
  if (byName !== undefined) return byName;
  const [, line] = /^#!([^\n]*)/.exec(text.slice(0, 200)) ?? [];
  const [first = '', ...rest] = line?.trim().split(/\s+/) ?? [];
  const program = first.slice(first.lastIndexOf('/') + 1);
  return languageOfProgram(program === 'env' ? (rest.find((word) => !word.startsWith('-')) ?? '') : program);
}

/** Reads the call of an interpreter; undefined when it is told nothing (it then reads its standard input). */
export function readInterpreterCall(name: string, words: readonly Word[]): InterpreterCall | undefined {
  const interpreter = interpreterNamed(name);
  if (interpreter === undefined) return undefined;
  const has = (list: string | undefined, option: string): boolean => list?.split(' ').includes(option) === true;
  let classes: Word | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const { text } = word;
    const next = words[i + 1];
    const rest = words.slice(i + 2);
    if (!text.startsWith('-') || text === '-') {
      if (text === '-') return undefined;
      const after = words.slice(i + 1);
      return classes === undefined
        ? { kind: 'script', word, rest: after }
        : { kind: 'class', word: classes, rest: after };
    }
    if (next === undefined) continue;
    if (has(interpreter.script, text)) return { kind: 'script', word: next, rest };
    if (has(interpreter.text, text)) return { kind: 'text', word: next, rest };
    if (has(interpreter.filter, text)) return { kind: 'filter', word: next, rest };
    if (has(interpreter.module, text)) return { kind: 'module', word: next, rest };
    if (has(interpreter.classes, text)) classes = next;
    if (has(interpreter.values, text) || has(interpreter.classes, text)) i++;
  }
  return undefined;
}
