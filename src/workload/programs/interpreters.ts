import type { Arguments } from '../arguments.js';
import { hasOption, valuesOf } from '../arguments.js';
import { own } from '../own.js';
import type { Word } from '../workload.js';
import type { PathGiven, Program, ProgramTable } from './program.js';

/** Interpreters that end their own options at the script; the rest belongs to the script. */
export interface Interpreter {
  /** Options whose value is a text to run. */
  readonly text: readonly string[];
  /** Options whose value is the name of a module. */
  readonly module: readonly string[];
  /** Other options with a value. */
  readonly values: readonly string[];
}

/** By program name; versions (`python3.12`) are taken off first. */
export const INTERPRETERS: Readonly<Record<string, Interpreter>> = {
  python: { text: ['-c'], module: ['-m'], values: ['-W', '-X'] },
  pypy: { text: ['-c'], module: ['-m'], values: ['-W', '-X'] },
  Rscript: { text: ['-e'], module: [], values: [] },
  node: { text: ['-e', '-p', '--eval', '--print'], module: [], values: ['-r', '--require', '--import', '--loader'] },
  nodejs: { text: ['-e', '-p', '--eval', '--print'], module: [], values: ['-r', '--require'] },
  deno: { text: [], module: [], values: [] },
  perl: { text: ['-e', '-E', '-ne', '-pe', '-pi', '-pie'], module: [], values: ['-I'] },
  ruby: { text: ['-e'], module: [], values: ['-I', '-r'] },
  php: { text: ['-r'], module: [], values: ['-d'] },
  julia: { text: ['-e', '-E', '--eval'], module: [], values: ['-t', '--threads', '-p'] },
  lua: { text: ['-e'], module: [], values: ['-l'] },
  java: { text: [], module: [], values: ['-cp', '-classpath', '--class-path', '-p'] },
  torchrun: { text: [], module: ['-m'], values: [] },
  sh: { text: [], module: [], values: ['-o'] },
  bash: { text: [], module: [], values: ['-o', '-O', '--rcfile', '--init-file'] },
  dash: { text: [], module: [], values: ['-o'] },
  ash: { text: [], module: [], values: ['-o'] },
  zsh: { text: [], module: [], values: ['-o'] },
  ksh: { text: [], module: [], values: ['-o'] },
  source: { text: [], module: [], values: [] },
  '.': { text: [], module: [], values: [] },
};

/** What an interpreter is told to run. */
export interface InterpreterCall {
  readonly kind: 'script' | 'text' | 'module';
  readonly word: Word;
  /** The words that the script gets. */
  readonly rest: readonly Word[];
}

/** Reads the call of an interpreter; undefined when it is told nothing (it then reads its standard input). */
export function readInterpreterCall(name: string, words: readonly Word[]): InterpreterCall | undefined {
  const interpreter = own(INTERPRETERS, name.replace(/[\d.]+$/, '')) ?? own(INTERPRETERS, name);
  if (interpreter === undefined) return undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const { text } = word;
    const next = words[i + 1];
    if (!text.startsWith('-') || text === '-') {
      return text === '-' ? undefined : { kind: 'script', word, rest: words.slice(i + 1) };
    }
    if (text === '-jar' && next !== undefined) return { kind: 'script', word: next, rest: words.slice(i + 2) };
    if (interpreter.text.includes(text)) {
      return next === undefined ? undefined : { kind: 'text', word: next, rest: words.slice(i + 2) };
    }
    if (interpreter.module.includes(text)) {
      return next === undefined ? undefined : { kind: 'module', word: next, rest: words.slice(i + 2) };
    }
    if (interpreter.values.includes(text)) i++;
  }
  return undefined;
}

/** `duckdb [FILE] [SQL]`: the file is opened for both; SQL is no path. */
function duckdbPaths({ operands }: Arguments): PathGiven[] {
  const [file] = operands;
  return file === undefined || /\s/.test(file.text) ? [] : [{ role: 'mention', word: file }];
}

const SQL: Program = {
  longDash: true,
  values: '-c -cmd -separator -nullvalue -s',
  reads: '-init -f',
  paths: duckdbPaths,
  opaque: (args) => {
    const word = valuesOf(args, '-c -s -cmd')[0] ?? args.operands.find(({ text }) => /\s/.test(text));
    return word === undefined ? undefined : { what: 'SQL', word };
  },
};

/** Programs that run notebooks or queries from files. */
export const RUNNERS: ProgramTable = {
  'duckdb sqlite3': SQL,
  papermill: { values: '-p -k --kernel -r -b -y --cwd', reads: '-f --parameters_file', operands: 'copy' },
  jupyter: {
    sub: {
      nbconvert: {
        values: '--to --execute-timeout',
        writes: '--output-dir',
        operands: 'read',
        opaque: (args) => {
          const [word] = args.operands;
          return word === undefined || !hasOption(args, '--execute') ? undefined : { what: 'notebook', word };
        },
      },
    },
  },
};
