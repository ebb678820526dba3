import type { SourceText } from '../text/source.js';
import { isInputsPath, isOutputsPath, namesOutputs } from './folders.js';
import { addNetwork, addPaths, addTextMentions, addUnknownPath, nothingFound, type Found } from './found.js';
import { addCode } from './code-uses.js';
import { looksLikeSql } from './code/sql.js';
import { addKnown, addSql, type KnownCall } from './known-program.js';
import { looksLikePath, roleOfOption } from './option-roles.js';
import { pathUse } from './path-words.js';
import { isUrl, hostOfUrl, knownHost } from './programs/hosts.js';
import { languageOfProgram, readInterpreterCall, type InterpreterCall } from './programs/interpreters.js';
import { moduleNamed } from './programs/modules.js';
import type { PathGiven } from './programs/program.js';
import { SILENT } from './programs/silent.js';
import { programNamed } from './programs/table.js';
import type { Step } from './steps.js';
import type { Word, Workload } from './workload.js';
import { programName } from './wrappers.js';

/** What the steps of a workload do. */
export type Uses = Pick<Workload, 'reads' | 'writes' | 'mentions' | 'network' | 'variables' | 'opaque'>;

/** Reads off each step which paths and hosts it uses, by what is known of its program; `source` is the checked file. */
export function readUses(steps: readonly Step[], source: SourceText | undefined): Uses {
  const found = nothingFound();
  for (const step of steps) {
    addRedirects(step, found);
    addProgram(step, source, found);
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

function addProgram(step: Step, source: SourceText | undefined, found: Found): void {
  const [first, ...words] = step.words;
  if (first === undefined) return;
  const name = programName(first);
  if (name === '' || /\s/.test(name)) {
    // Then the first word may as well be an argument of an ENTRYPOINT that was not seen.
    found.opaque.push({ what: 'program that is not known', word: first });
    addMentions(name === '' ? words : step.words, '…', step.cwd, found);
    return;
  }
  if (SILENT.has(name) || onlyAsks(words)) return;
  if (name === 'eval') {
    found.opaque.push({ what: 'eval', word: words[0] ?? first });
    return;
  }
  const call = readInterpreterCall(name, words);
  if (call !== undefined) {
    addInterpreter(call, { ...step, name, word: first, words, source }, found);
    return;
  }
  const program = programNamed(name);
  if (program !== undefined) {
    addKnown(program, { ...step, name, word: first, words, source }, found);
    return;
  }
  found.opaque.push({ what: `program ${name}`, word: first });
  if (first.text.startsWith('/')) addPaths([{ role: 'mention', word: first }], name, step.cwd, found);
  addMentions(words, name, step.cwd, found);
  addGuessedAddresses(words, name, found);
}

/** `--help` anywhere, or `--version` as all that is asked: the program prints, and does nothing else. */
function onlyAsks(words: readonly Word[]): boolean {
  if (words.some(({ text }) => text === '--help')) return true;
  return words.length <= 2 && words.at(-1)?.text === '--version';
}

function addInterpreter({ kind, word, rest }: InterpreterCall, call: KnownCall, found: Found): void {
  const { name, cwd } = call;
  switch (kind) {
    case 'module': {
      const program = moduleNamed(word.text);
      if (program !== undefined) {
        const module = word.text.split('.')[0] ?? word.text;
        addKnown(program, { ...call, name: module === 'pip' ? module : name, word, words: rest }, found);
        return;
      }
      found.opaque.push({ what: `module ${word.text}`, word });
      break;
    }
    case 'script':
      if (!isUrl(word.text)) addPaths([{ role: 'read', word }], name, cwd, found);
      found.opaque.push({ what: 'script', word });
      break;
    case 'class':
      addPaths(classPath(word), name, cwd, found);
      found.opaque.push({ what: 'class', word });
      break;
    case 'text': {
      const language = languageOfProgram(name);
      if (language !== undefined && language !== 'shell') {
        addCode(word, language, call, found);
      } else {
        found.opaque.push({ what: `text for ${name}`, word });
        addTextMentions(word, name, found);
      }
      break;
    }
    case 'filter':
      found.opaque.push({ what: `text for ${name}`, word });
      addPaths(
        rest.map((file) => ({ role: 'read', word: file })),
        name,
        cwd,
        found,
      );
      return;
  }
  addMentions(rest, name, cwd, found);
  addGuessedAddresses(rest, name, found);
}

/** The files of a class path: `a.jar:lib/b.jar`; patterns and folders are read as well. */
function classPath(word: Word): PathGiven[] {
  return word.text.split(':').flatMap((path) => (path === '' ? [] : [{ role: 'read' as const, word, path }]));
}

/**
 * Paths among the words of a script or a program that is not known: `/a`, `--out /a`, `--out=/a`, `in=/a`, `../outputs/a`.
 * The name of an option, or of the folder, tells what most likely becomes of it; of the others nothing is said.
 */
function addMentions(words: readonly Word[], by: string, cwd: string | undefined, found: Found): void {
  words.forEach((word, index) => {
    if (/\s/.test(word.text)) {
      if (looksLikeSql(word.text)) addSql(word, by === '…' ? 'SQL' : by, cwd, found);
      else addTextMentions(word, by, found);
      return;
    }
    const [, option, path] = /^([\w.-]+=)?(.*)$/s.exec(word.text) ?? [];
    const before = words[index - 1]?.text;
    if (path === undefined || isUrl(path)) return;
    const name =
      option?.slice(0, -1) ?? (before?.startsWith('-') === true && !before.includes('=') ? before : undefined);
    // The word alone may be anything; after an option it is a folder.
    const isOutputs = namesOutputs(path) && (path.includes('/') || name !== undefined);
    const isPath = path.startsWith('/') || isOutputs;
    const role = (name === undefined ? undefined : roleOfOption(name)) ?? roleOfFolder(path);
    if (role !== undefined && (isPath || looksLikePath(path))) {
      addPaths([{ role, word, path, guess: true }], by, cwd, found);
    } else if (isPath) {
      addPaths([{ role: 'mention', word, path }], by, cwd, found);
    }
  });
}

/** What people keep in a folder of this name. */
function roleOfFolder(path: string): 'read' | 'write' | undefined {
  if (namesOutputs(path) || isOutputsPath(path)) return 'write';
  return isInputsPath(path) || /^(?:\.{1,2}\/)*inputs?\//.test(path) ? 'read' : undefined;
}

/** An address among the words of a script or an unknown program is most likely fetched. */
function addGuessedAddresses(words: readonly Word[], name: string, found: Found): void {
  for (const word of words) {
    const address = word.text.replace(/^[\w.-]+=/, '');
    if (!isUrl(address)) continue;
    addNetwork({ word, does: `is given ${address}`, guess: true, ...knownHost(hostOfUrl(address)) }, name, found);
  }
}
