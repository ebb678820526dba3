import type { SourceText } from '../text/source.js';
import { readShellCall } from './shell-call.js';
import { readShell, type ShellCommand, type ShellWord } from './shell/read.js';
import { newScope, type Value } from './shell/scope.js';
import { partOfText, textOfWord, wordOfText, type ShellText } from './shell-text.js';
import type { EffectiveCommand, Word, Workload } from './workload.js';
import { MOST_WRAPPERS, programName, unwrap } from './wrappers.js';

/** One simple command as it is started, with its redirections. */
export interface Step {
  /** Empty for redirections of a loop or a group. */
  readonly words: readonly Word[];
  readonly redirects: readonly { readonly operator: '<' | '>' | '<>'; readonly target: Word }[];
  /** Absolute working directory, when it is known. */
  readonly cwd: string | undefined;
  /** Variables that the program sees, as far as it is known to heed them. */
  readonly environment: ReadonlyMap<string, Value>;
}

export interface StepsRead {
  readonly steps: readonly Step[];
  readonly opaque: Workload['opaque'];
}

/** Shells in shells, and shell texts in all: more than people write, few enough to end soon. */
const DEEPEST = 5;
const MOST_TEXTS = 100;

interface Reading {
  readonly source: SourceText | undefined;
  readonly steps: Step[];
  readonly opaque: { what: string; word?: Word }[];
  texts: number;
}

/** A step with the variables that its program sees, the depth of shells around it, and what it reads from its input. */
interface Start {
  readonly step: Step;
  readonly variables: ReadonlyMap<string, Value>;
  readonly depth: number;
  readonly input?: ShellText;
  readonly piped?: boolean;
}

/** Takes a command apart: wrappers (`timeout 5m …`) come off, shell texts are read. */
export function readSteps(
  command: EffectiveCommand,
  variables: ReadonlyMap<string, Value>,
  source: SourceText | undefined,
): StepsRead {
  const reading: Reading = { source, steps: [], opaque: [], texts: 0 };
  if (command.words.length > 0) {
    const step: Step = { words: command.words, redirects: [], cwd: command.workingDir, environment: variables };
    addStart({ step, variables, depth: 0 }, reading);
  }
  return reading;
}

function addStart(start: Start, reading: Reading, wrappers = 0): void {
  const { step } = start;
  const unwrapped = wrappers < MOST_WRAPPERS ? unwrap(step.words) : undefined;
  if (unwrapped !== undefined) {
    if (unwrapped.itself !== undefined) reading.steps.push({ ...step, words: unwrapped.itself, redirects: [] });
    const own = unwrapped.environment.map(({ name, value }): [string, Value] => [
      name,
      { text: value, known: !value.includes('…'), guess: false },
    ]);
    const environment = own.length === 0 ? step.environment : new Map([...step.environment, ...own]);
    addStart({ ...start, step: { ...step, words: unwrapped.words, environment } }, reading, wrappers + 1);
    return;
  }
  const call = readShellCall(step.words);
  if (call === undefined || call.kind === 'script') {
    reading.steps.push(step);
    addFindExec(start, reading);
    return;
  }
  if (step.redirects.length > 0) reading.steps.push({ ...step, words: [] });
  if (call.kind === 'text') {
    const parameters = call.parameters.map((word, index): [string, Value] => [
      String(index),
      { text: word.text, known: word.known, guess: word.origin === 'guess' },
    ]);
    addText(textOfWord(call.text, reading.source), call.text, start, reading, new Map(parameters));
  } else if (start.input !== undefined) {
    addText(start.input, step.words[0], start, reading);
  } else if (start.piped === true) {
    opaque(reading, `text piped into ${programName(step.words[0])}`, step.words[0]);
  }
}

function addText(
  text: ShellText,
  word: Word | undefined,
  { step, variables: given, depth }: Start,
  reading: Reading,
  parameters?: ReadonlyMap<string, Value>,
): void {
  if (depth >= DEEPEST || ++reading.texts > MOST_TEXTS || /^[\s…]*$/.test(text.value)) {
    opaque(reading, 'shell text that is not known', word);
    return;
  }
  const variables = new Map([...given, ...step.environment]);
  const scope = newScope(step.cwd, variables, parameters);
  const { commands, problem } = readShell(text.value, scope);
  if (problem !== undefined) opaque(reading, `shell text that does not parse (${problem})`, word);
  for (const command of commands) {
    const wordOf = (item: ShellWord): Word => {
      const word = wordOfText(text, item);
      return command.certain ? word : { ...word, origin: 'guess' };
    };
    const start: Start = {
      step: {
        words: command.words.map(wordOf),
        redirects: command.redirects.map(({ operator, target }) => ({ operator, target: wordOf(target) })),
        cwd: command.cwd,
        environment: command.environment,
      },
      variables,
      depth: depth + 1,
      piped: command.piped,
      ...inputOf(command, text),
    };
    if (command.words.length === 0) reading.steps.push(start.step);
    else addStart(start, reading);
  }
}

function inputOf({ input }: ShellCommand, text: ShellText): Pick<Start, 'input'> {
  return input === undefined ? {} : { input: partOfText(text, input) };
}

/** `find … -exec PROGRAM … {} ;` starts a program for files that only the run can tell. */
function addFindExec(start: Start, reading: Reading): void {
  const { words } = start.step;
  if (programName(words[0]) !== 'find' || start.depth >= DEEPEST) return;
  const from = words.findIndex(({ text }) => text === '-exec' || text === '-execdir');
  if (from === -1) return;
  const rest = words.slice(from + 1);
  const end = rest.findIndex(({ text }) => text === ';' || text === '+');
  const inner = (end === -1 ? rest : rest.slice(0, end)).map((word) =>
    word.text === '{}' ? { ...word, text: '…', known: false } : word,
  );
  if (inner.length === 0) return;
  const step: Step = { ...start.step, words: inner, redirects: [] };
  addStart({ step, variables: start.variables, depth: start.depth + 1 }, reading);
}

function opaque(reading: Reading, what: string, word: Word | undefined): void {
  reading.opaque.push(word === undefined ? { what } : { what, word });
}
