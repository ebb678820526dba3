import { readArguments } from './arguments.js';
import { namesOutputs } from './folders.js';
import { own } from './own.js';
import { pathsInText, pathUse } from './path-words.js';
import { SILENT } from './programs/files.js';
import { isUrl, hostOfUrl, knownHost } from './programs/hosts.js';
import { readInterpreterCall, type InterpreterCall } from './programs/interpreters.js';
import type { PathGiven, Program } from './programs/program.js';
import { programNamed } from './programs/table.js';
import type { Step } from './steps.js';
import type { NetworkUse, PathUse, Word, Workload } from './workload.js';
import { programName } from './wrappers.js';

/** What the steps of a workload do. */
export type Uses = Pick<Workload, 'reads' | 'writes' | 'mentions' | 'network' | 'opaque'>;

interface Found {
  readonly reads: PathUse[];
  readonly writes: PathUse[];
  readonly mentions: PathUse[];
  readonly network: NetworkUse[];
  readonly opaque: { what: string; word?: Word }[];
}

/** Reads off each step which paths and hosts it uses, by what is known of its program. */
export function readUses(steps: readonly Step[]): Uses {
  const found: Found = { reads: [], writes: [], mentions: [], network: [], opaque: [] };
  for (const step of steps) {
    addRedirects(step, found);
    addProgram(step, found);
  }
  return found;
}

function addRedirects({ redirects, cwd }: Step, found: Found): void {
  for (const { operator, target } of redirects) {
    const use = pathUse({ word: target }, operator === '<' ? '<' : '>', cwd);
    if (use === undefined) {
      if (operator !== '>') addUnknownPath(target, found);
      continue;
    }
    if (operator !== '>') found.reads.push(use);
    if (operator !== '<') found.writes.push(use);
  }
}

function addProgram(step: Step, found: Found): void {
  const [first, ...words] = step.words;
  if (first === undefined) return;
  const name = programName(first);
  if (name === '') {
    found.opaque.push({ what: 'program that is not known', word: first });
    addMentions(words, '…', step.cwd, found);
    return;
  }
  if (SILENT.has(name) || words.some(({ text }) => text === '--version' || text === '--help')) return;
  if (name === 'eval') {
    found.opaque.push({ what: 'eval', word: words[0] ?? first });
    return;
  }
  const call = readInterpreterCall(name, words);
  if (call !== undefined) {
    addInterpreter(call, name, step, found);
    return;
  }
  const program = programNamed(name);
  if (program !== undefined) {
    addKnown(program, name, first, words, step.cwd, found);
    return;
  }
  found.opaque.push({ what: `program ${name}`, word: first });
  if (first.text.startsWith('/')) addPaths([{ role: 'mention', word: first }], name, step.cwd, found);
  addMentions(words, name, step.cwd, found);
  addGuessedAddresses(words, name, found);
}

function addInterpreter(call: InterpreterCall, name: string, step: Step, found: Found): void {
  const { kind, word, rest } = call;
  if (kind === 'module' && word.text === 'pip') {
    addProgram({ ...step, words: [word, ...rest] }, found);
    return;
  }
  if (kind === 'script') {
    if (!isUrl(word.text)) addPaths([{ role: 'read', word }], name, step.cwd, found);
    found.opaque.push({ what: 'script', word });
  } else {
    found.opaque.push({ what: kind === 'text' ? `text for ${name}` : `module ${word.text}`, word });
    if (kind === 'text') addTextMentions(word, name, found);
  }
  addMentions(rest, name, step.cwd, found);
  addGuessedAddresses(rest, name, found);
}

function addKnown(
  program: Program,
  name: string,
  word: Word,
  words: readonly Word[],
  cwd: string | undefined,
  found: Found,
): void {
  const names = [program.values, program.reads, program.writes].flatMap((list) => list?.split(' ') ?? []);
  const args = readArguments(words, new Set(names), program.longDash === true);
  if (program.sub !== undefined) {
    const [sub] = args.operands;
    const inner = sub === undefined ? undefined : (own(program.sub, sub.text) ?? program.sub['*']);
    if (sub === undefined || inner === undefined) return;
    // Options before the sub-command stay with it: `aws --endpoint-url … s3 ls`.
    const rest = [...words.slice(0, words.indexOf(sub)), ...words.slice(words.indexOf(sub) + 1)];
    const values = [program.values, inner.values].filter((list) => list !== undefined).join(' ');
    addKnown({ ...inner, ...(values === '' ? {} : { values }) }, name, word, rest, cwd, found);
    return;
  }
  for (const contact of program.contacts?.(args, word) ?? []) {
    const { does, word: at, host } = contact;
    found.network.push({
      word: at,
      origin: at.known ? at.origin : weaker(at),
      what: `${name} ${does}`,
      program: name,
      usesProxy: program.usesProxy ?? true,
      ...knownHost(host),
    });
  }
  const options = args.options.flatMap(({ name: option, value }): PathGiven[] => {
    if (value === undefined) return [];
    if (program.reads?.split(' ').includes(option) === true) return [{ role: 'read', word: value }];
    if (program.writes?.split(' ').includes(option) === true) return [{ role: 'write', word: value }];
    return [];
  });
  addPaths([...options, ...operandPaths(program, args.operands), ...(program.paths?.(args) ?? [])], name, cwd, found);
  const unseen = program.opaque?.(args);
  if (unseen !== undefined) {
    found.opaque.push(unseen);
    addTextMentions(unseen.word, name, found);
  }
}

/** What stands on a value that is not known stays a use; who is contacted is then not seen. */
function weaker(word: Word): Word['origin'] {
  return word.origin === 'guess' ? 'guess' : 'shell';
}

function operandPaths({ operands: role }: Program, operands: readonly Word[]): PathGiven[] {
  switch (role) {
    case 'read':
    case 'write':
    case 'mention':
      return operands.map((word) => ({ role, word }));
    case 'copy':
      return operands.map((word, index) => ({
        role: index > 0 && index === operands.length - 1 ? 'write' : 'read',
        word,
      }));
    case 'none':
    case undefined:
      return [];
  }
}

function addPaths(paths: readonly PathGiven[], by: string, cwd: string | undefined, found: Found): void {
  for (const given of paths) {
    const use = pathUse(given, by, cwd, given.role === 'mention');
    if (use === undefined) {
      if (given.role === 'read') addUnknownPath(given.word, found);
    } else if (given.role === 'read') found.reads.push(use);
    else if (given.role === 'write') found.writes.push(use);
    else found.mentions.push(use);
  }
}

/** What a program reads by a name that only the run can tell may be anything. */
function addUnknownPath(word: Word, found: Found): void {
  if (!word.known) found.opaque.push({ what: 'path that is not known', word });
}

/** Paths among the words of a program that we know nothing of: `/a`, `--out=/a`, `in=/a`, and `../outputs/a`. */
function addMentions(words: readonly Word[], by: string, cwd: string | undefined, found: Found): void {
  words.forEach((word, index) => {
    if (/\s/.test(word.text)) {
      addTextMentions(word, by, found);
      return;
    }
    const [, option, path] = /^([\w.-]+=)?(.*)$/s.exec(word.text) ?? [];
    if (path === undefined) return;
    // The word alone may be anything; after an option it is a folder.
    const isValue = option !== undefined || words[index - 1]?.text.startsWith('-') === true;
    const isOutputs = namesOutputs(path) && (path.includes('/') || isValue);
    if (path.startsWith('/') || isOutputs) addPaths([{ role: 'mention', word, path }], by, cwd, found);
  });
}

function addTextMentions(word: Word, by: string, found: Found): void {
  for (const path of pathsInText(word.text)) addPaths([{ role: 'mention', word, path }], by, undefined, found);
}

/** An address among the words of a script or an unknown program is most likely fetched. */
function addGuessedAddresses(words: readonly Word[], name: string, found: Found): void {
  for (const word of words) {
    if (!isUrl(word.text)) continue;
    const what = `${name} is given ${word.text}`;
    found.network.push({
      word,
      origin: 'guess',
      what,
      program: name,
      usesProxy: true,
      ...knownHost(hostOfUrl(word.text)),
    });
  }
}
