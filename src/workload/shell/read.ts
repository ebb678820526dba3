import { parse, type Command, type CommandNode, type PipelineNode, type Redirection, type Script } from 'unbash';
import type { AndOr, CompoundCommand, CompoundList, Function as FunctionNode, ParsedScript, Statement } from 'unbash';
import type { Word as ShellNode } from 'unbash';
import { applyBuiltin, assign, functionScope, leaveFunction } from './builtins.js';
import { conditionalParts } from './conditions.js';
import { HEEDED } from '../programs/environment.js';
import { childScope, maybe, valueOf, type Scope, type Value } from './scope.js';
import { partsValue, wordValue, wordValues, type OnScript } from './words.js';

/** A word of a shell text; `start` and `end` are offsets in that text. */
export interface ShellWord extends Value {
  readonly start: number;
  readonly end: number;
}

/** One simple command with what the shell knows when it comes to it. */
export interface ShellCommand {
  /** Empty for redirections of a loop or a group. */
  readonly words: readonly ShellWord[];
  /** Redirections to and from files; copies of descriptors (`2>&1`) are left out. */
  readonly redirects: readonly { readonly operator: '<' | '>' | '<>'; readonly target: ShellWord }[];
  /** Absolute working directory, when it is known. */
  readonly cwd: string | undefined;
  /** Variables that are set for this command alone (`A=1 cmd`), and those that programs are known to heed. */
  readonly environment: ReadonlyMap<string, Value>;
  /** Text on standard input, from a here-document without variables. */
  readonly input?: { readonly text: string; readonly start: number; readonly end: number };
  /** True when standard input comes from another command. */
  readonly piped: boolean;
  /** False for a command that may well not run, or may fail without harm: in a branch, or beside `||`. */
  readonly certain: boolean;
}

/** What a shell text runs. */
export interface ShellReading {
  readonly commands: readonly ShellCommand[];
  /** What the parser stumbled over, for people. */
  readonly problem?: string;
  /** Nodes that were walked and words that were made: what reading cost. */
  readonly work: number;
}

/** Linux starts no program with a longer argument (MAX_ARG_STRLEN), and parsing one may take minutes. */
const LONGEST_TEXT = 128 * 1024;

/** Bounds for texts that unroll or call themselves. */
const MOST_STEPS = 20_000;
const MOST_WORDS = 200_000;
const DEEPEST = 100;
const MOST_TURNS = 8;

const NOTHING: ReadonlyMap<string, Value> = new Map();

interface Walk {
  readonly commands: ShellCommand[];
  readonly functions: Map<string, FunctionNode>;
  depth: number;
  steps: number;
  /** Words that were made so far; a variable of many words can be put in often. */
  words: number;
  /** Conditions around the current command. */
  conditions: number;
  /** Characters of the text: the parser's ends may lie behind it when a quote is left open. */
  readonly length: number;
  /** Set inside a text whose offsets are not ours (backquotes with escapes): everything lies here. */
  frame: { start: number; end: number } | undefined;
}

/**
 * Reads a shell text into the simple commands it runs, with literal variables put in and `cd` followed. Branches and
 * loop bodies are taken as run; functions where they are called. `scope` is changed as the shell changes its own.
 */
export function readShell(text: string, scope: Scope): ShellReading {
  if (text.length > LONGEST_TEXT) return { commands: [], problem: 'it is longer than 128 KiB', work: 0 };
  const walk: Walk = {
    commands: [],
    functions: new Map(),
    depth: 0,
    steps: 0,
    words: 0,
    conditions: 0,
    length: text.length,
    frame: undefined,
  };
  let script: ParsedScript;
  try {
    script = parse(text);
  } catch (error) {
    return { commands: [], problem: error instanceof Error ? error.message : 'not readable as shell text', work: 0 };
  }
  walkAll(script.commands, scope, walk);
  const problem = script.errors?.[0]?.message;
  return { commands: walk.commands, work: walk.steps + walk.words, ...(problem === undefined ? {} : { problem }) };
}

function walkAll(statements: readonly Statement[], scope: Scope, walk: Walk): void {
  for (const { command, background } of statements) {
    walkNode(command, background === true ? childScope(scope) : scope, walk, false);
  }
}

function walkList(list: CompoundList | undefined, scope: Scope, walk: Walk): void {
  if (list !== undefined) walkAll(list.commands, scope, walk);
}

function walkNode(
  node: PipelineNode | AndOr | CommandNode | CompoundList,
  scope: Scope,
  walk: Walk,
  piped: boolean,
): void {
  if (walk.depth >= DEEPEST || ++walk.steps > MOST_STEPS || walk.words > MOST_WORDS) return;
  walk.depth++;
  switch (node.type) {
    case 'Command':
      walkCommand(node, scope, walk, piped);
      break;
    case 'Pipeline':
      node.commands.forEach((command, index) =>
        walkNode(command, node.commands.length > 1 ? childScope(scope) : scope, walk, index > 0),
      );
      break;
    case 'AndOr': {
      const conditional = conditionalParts(node);
      node.commands.forEach((command, index) => {
        const inside = conditional[index] === true ? 1 : 0;
        walk.conditions += inside;
        if (node.operators[index - 1] === '||') maybe(scope, (branch) => walkNode(command, branch, walk, false));
        else walkNode(command, scope, walk, false);
        walk.conditions -= inside;
      });
      break;
    }
    case 'Function':
      if (node.name.value !== '') walk.functions.set(node.name.value, node);
      break;
    case 'Redirected':
      walk.commands.push({
        words: [],
        redirects: node.redirects.flatMap((redirect) => fileRedirect(redirect, scope, walk)),
        cwd: scope.cwd,
        environment: NOTHING,
        piped,
        certain: walk.conditions === 0,
      });
      walkNode(node.command, scope, walk, piped);
      break;
    case 'Coproc':
      walkNode(node.body, childScope(scope), walk, false);
      break;
    case 'CompoundList':
      walkAll(node.commands, scope, walk);
      break;
    default:
      walkCompound(node, scope, walk);
  }
  walk.depth--;
}

function walkCompound(node: CompoundCommand, scope: Scope, walk: Walk): void {
  switch (node.type) {
    case 'If':
      walk.conditions++;
      walkList(node.clause, scope, walk);
      maybe(scope, (branch) => walkList(node.then, branch, walk));
      for (const { clause, then } of node.elif) {
        maybe(scope, (branch) => {
          walkList(clause, branch, walk);
          walkList(then, branch, walk);
        });
      }
      maybe(scope, (branch) => walkList(node.else, branch, walk));
      walk.conditions--;
      break;
    case 'While':
      maybe(scope, (branch) => {
        walkList(node.clause, branch, walk);
        walkList(node.body, branch, walk);
      });
      break;
    case 'For':
    case 'Select':
      walkLoop(node, scope, walk);
      break;
    case 'ArithmeticFor':
      maybe(scope, (branch) => walkList(node.body, branch, walk));
      break;
    case 'Case':
      walk.conditions++;
      for (const { body } of node.items) maybe(scope, (branch) => walkList(body, branch, walk));
      walk.conditions--;
      break;
    case 'Subshell':
      walkList(node.body, childScope(scope), walk);
      break;
    case 'BraceGroup':
      walkList(node.body, scope, walk);
      break;
    // Tests and sums run no program.
    case 'TestCommand':
    case 'ArithmeticCommand':
      break;
  }
}

/** Runs the body for each word of a short list; for a long or unknown list once, with the variable unknown. */
function walkLoop(
  node: { readonly name: ShellNode; readonly wordlist: readonly ShellNode[] | undefined; readonly body: CompoundList },
  scope: Scope,
  walk: Walk,
): void {
  const values = (node.wordlist ?? []).flatMap((word) => wordValues(word, scope, scriptWalker(scope, walk, word)));
  const short = values.length > 0 && values.length <= MOST_TURNS;
  const turns: Value[] = short ? values : [{ text: '…', known: false, guess: false }];
  maybe(scope, (branch) => {
    for (const value of turns) {
      branch.variables.set(node.name.value, value);
      walkList(node.body, branch, walk);
    }
  });
}

function walkCommand(node: Command, scope: Scope, walk: Walk, piped: boolean): void {
  const words: ShellWord[] = [];
  const assignments = node.prefix.filter((item) => item.type === 'Assignment');
  const environment = heededVariables(scope);
  for (const item of node.args) {
    if (item.type === 'Word') continue;
    assign(item, scope, scriptWalker(scope, walk, item));
  }
  // Assignments in front of a command are for that command alone, those that stand alone are for the shell.
  if (node.name === undefined) {
    for (const item of assignments) assign(item, scope, scriptWalker(scope, walk, item));
  } else {
    const own = childScope(scope);
    for (const item of assignments) assign(item, own, scriptWalker(scope, walk, item));
    for (const [name, value] of own.variables) environment.set(name, value);
    for (const word of [node.name, ...node.args.filter((item) => item.type === 'Word')]) {
      const place = placeOf(word, walk);
      for (const value of wordValues(word, scope, scriptWalker(scope, walk, word))) words.push({ ...value, ...place });
      if (walk.words + words.length > MOST_WORDS) break;
    }
  }
  walk.words += words.length;
  const redirects = node.redirects.flatMap((redirect) => fileRedirect(redirect, scope, walk));
  for (const redirect of node.redirects) walkHere(redirect, scope, walk);
  const input = node.redirects.map((redirect) => hereText(redirect)).find((text) => text !== undefined);
  if (words.length === 0 && redirects.length === 0) return;
  const called = words[0]?.known === true ? walk.functions.get(words[0].text) : undefined;
  if (called !== undefined) {
    const inside = functionScope(scope, words);
    walkNode(called.body, inside, walk, piped);
    leaveFunction(inside, scope);
    return;
  }
  const plain = input !== undefined && walk.frame === undefined ? { input } : {};
  walk.commands.push({
    words,
    redirects,
    cwd: scope.cwd,
    environment,
    piped,
    certain: walk.conditions === 0,
    ...plain,
  });
  applyBuiltin(words, scope);
}

/** Variables that programs take hosts or offline modes from (`src/workload/programs/environment.ts`). */
function heededVariables(scope: Scope): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const name of HEEDED) {
    const value = valueOf(scope, name);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

function placeOf(node: { readonly pos: number; readonly end: number }, walk: Walk): { start: number; end: number } {
  return walk.frame ?? { start: Math.min(node.pos, walk.length), end: Math.min(node.end, walk.length) };
}

function fileRedirect(redirect: Redirection, scope: Scope, walk: Walk): ShellCommand['redirects'][number][] {
  if (redirect.type !== 'Redirect' || redirect.target === undefined) return [];
  const { operator, target } = redirect;
  const value = wordValue(target, scope, scriptWalker(scope, walk, target));
  if ((operator === '<&' || operator === '>&') && /^(?:\d+-?|-)$/.test(value.text)) return [];
  const place = placeOf(target, walk);
  const kind = operator === '<>' ? operator : operator.startsWith('<') ? '<' : '>';
  return [{ operator: kind, target: { ...value, ...place } }];
}

/** Runs the commands of `$(…)` in here-documents and here-strings. */
function walkHere(redirect: Redirection, scope: Scope, walk: Walk): void {
  if (redirect.type === 'Redirect') return;
  const onScript = scriptWalker(scope, walk, redirect);
  if (redirect.type === 'HereString') {
    if (redirect.target !== undefined) wordValue(redirect.target, scope, onScript);
  } else {
    partsValue(redirect.body.parts ?? [], scope, onScript);
  }
}

/** The text of a here-document, when it holds no variables. */
function hereText(redirect: Redirection): ShellCommand['input'] {
  if (redirect.type !== 'HereDoc') return undefined;
  const { body } = redirect;
  if (body.parts?.some((part) => part.type !== 'Literal') === true) return undefined;
  return { text: body.text, start: body.pos, end: body.end };
}

/** Walks the commands of a `$(…)` inside a node, in a scope of their own. */
function scriptWalker(scope: Scope, walk: Walk, node: { readonly pos: number; readonly end: number }): OnScript {
  return (script: Script) => {
    const outer = walk.frame;
    if (script.source !== undefined) walk.frame ??= placeOf(node, walk);
    walk.depth++;
    if (walk.depth < DEEPEST) walkAll(script.commands, childScope(scope), walk);
    walk.depth--;
    walk.frame = outer;
  };
}
