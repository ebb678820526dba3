import type { SourceText } from '../text/source.js';
import { readArguments, type Arguments } from './arguments.js';
import { addCode } from './code-uses.js';
import { sqlUses } from './code/sql.js';
import { own } from './own.js';
import type { Found } from './found.js';
import { addNetwork, addPaths, addTextMentions } from './found.js';
import { hostOfUrl, isUrl, knownHost } from './programs/hosts.js';
import type { Environment, PathGiven, Program } from './programs/program.js';
import { restOfWord, valuesOf } from './arguments.js';
import type { Word } from './workload.js';

/** A call of a program that is known. */
export interface KnownCall {
  readonly name: string;
  /** The word that names the program, or its sub-command. */
  readonly word: Word;
  readonly words: readonly Word[];
  readonly cwd: string | undefined;
  readonly environment: Environment;
  /** The checked file, for exact places inside code. */
  readonly source: SourceText | undefined;
}

/** Adds what a known program does with its arguments. */
export function addKnown(program: Program, call: KnownCall, found: Found): void {
  const { name, word, words, cwd, environment } = call;
  const names = [program.values, program.reads, program.writes, program.code?.options];
  const values = new Set(names.flatMap((list) => list?.split(' ') ?? []));
  const flags = program.flags === undefined ? undefined : new Set(program.flags.split(' '));
  const args = readArguments(words, values, program.longDash === true, flags);
  if (program.sub !== undefined) {
    addSub(program, program.sub, call, args, found);
    return;
  }
  for (const contact of program.contacts?.(args, word, environment) ?? []) addNetwork(contact, name, found);
  if (program.opensUrls === true) {
    const given = [
      ...args.operands,
      ...valuesOf(args, program.reads ?? ''),
      ...keyed(program, args).map(({ word: at }) => at),
    ];
    for (const at of given.filter(({ text }) => isUrl(text))) {
      addNetwork({ word: at, does: `opens ${at.text}`, ...knownHost(hostOfUrl(at.text)) }, name, found);
    }
  }
  const paths = [
    ...optionPaths(program, args),
    ...operandPaths(program, withoutKeys(program, args)),
    ...keyed(program, args),
    ...(program.paths?.(args, word, words) ?? []),
  ];
  addPaths(paths, name, cwd, found);
  addTexts(program, args, call, found);
  const unseen = program.opaque?.(args);
  if (unseen !== undefined) {
    found.opaque.push(unseen);
    addTextMentions(unseen.word, name, found);
  }
}

function addSub(
  program: Program,
  sub: NonNullable<Program['sub']>,
  call: KnownCall,
  args: Arguments,
  found: Found,
): void {
  const { words } = call;
  const [first] = args.operands;
  if (first === undefined) {
    const bare = own(sub, '');
    if (bare !== undefined) addKnown(bare, call, found);
    return;
  }
  const inner = own(sub, first.text) ?? sub['*'];
  if (inner === undefined) return;
  // Options before the sub-command stay with it: `aws --endpoint-url … s3 ls`.
  const at = words.indexOf(first);
  const rest = [...words.slice(0, at), ...words.slice(at + 1)];
  const values = [program.values, inner.values].filter((list) => list !== undefined).join(' ');
  const more = values === '' ? {} : { values };
  const longDash = program.longDash === true ? { longDash: true as const } : {};
  addKnown({ ...longDash, ...inner, ...more }, { ...call, word: first, words: rest }, found);
}

function optionPaths({ reads, writes }: Program, { options }: Arguments): PathGiven[] {
  const [reading, writing] = [reads?.split(' ') ?? [], writes?.split(' ') ?? []];
  return options.flatMap(({ name, value }): PathGiven[] => {
    if (value === undefined || isUrl(value.text)) return [];
    const roles = [
      ...(reading.includes(name) ? ['read' as const] : []),
      ...(writing.includes(name) ? ['write' as const] : []),
    ];
    return roles.map((role) => ({ role, word: value }));
  });
}

function operandPaths({ operands: role }: Program, operands: readonly Word[]): PathGiven[] {
  const all = (as: PathGiven['role'], words: readonly Word[]): PathGiven[] => words.map((word) => ({ role: as, word }));
  const last = operands.length > 1 ? operands.length - 1 : operands.length;
  switch (role) {
    case 'read':
    case 'write':
    case 'mention':
      return all(role, operands);
    case 'edit':
      return [...all('read', operands), ...all('write', operands)];
    case 'copy':
      return [...all('read', operands.slice(0, last)), ...all('write', operands.slice(last))];
    case 'pair':
      return [...all('read', operands.slice(0, 1)), ...all('write', operands.slice(1, 2))];
    case 'into':
      return [...all('write', operands.slice(0, 1)), ...all('read', operands.slice(1))];
    case 'first':
      return all('read', operands.slice(0, 1));
    case 'none':
    case undefined:
      return [];
  }
}

/** `key=value` operands whose value is a path. */
function keyed({ keys }: Program, { operands }: Arguments): PathGiven[] {
  if (keys === undefined) return [];
  const [reads, writes] = [keys.reads?.split(' ') ?? [], keys.writes?.split(' ') ?? []];
  return operands.flatMap((word): PathGiven[] => {
    const equals = word.text.indexOf('=');
    const key = equals === -1 ? '' : word.text.slice(0, equals);
    const value = restOfWord(word, equals + 1);
    return reads.includes(key)
      ? [{ role: 'read', word: value }]
      : writes.includes(key)
        ? [{ role: 'write', word: value }]
        : [];
  });
}

function withoutKeys({ keys }: Program, { operands }: Arguments): readonly Word[] {
  return keys === undefined ? operands : operands.filter(({ text }) => !/^\w+=/.test(text));
}

/** What a text of code that is given in an option, or as the operand with blanks in it, does; a hint only. */
function addTexts({ code }: Program, args: Arguments, call: KnownCall, found: Found): void {
  if (code === undefined) return;
  const operands = code.operand === true ? args.operands.filter(({ text }) => /\s/.test(text)) : [];
  for (const word of [...valuesOf(args, code.options), ...operands]) {
    if (code.language === 'sql') addSql(word, call.name, call.cwd, found);
    else addCode(word, code.language, call, found);
  }
}

/** Adds the paths and addresses of a text in SQL. */
export function addSql(word: Word, name: string, cwd: string | undefined, found: Found): void {
  found.opaque.push({ what: 'SQL', word });
  const { reads, writes, addresses, installs } = sqlUses(word.text);
  const given = (role: 'read' | 'write', paths: readonly string[]): PathGiven[] =>
    paths.map((path) => ({ role, word, path, guess: true }));
  addPaths([...given('read', reads), ...given('write', writes)], name, cwd, found);
  for (const address of addresses) {
    addNetwork({ word, does: `opens ${address}`, guess: true, ...knownHost(hostOfUrl(address)) }, name, found);
  }
  if (installs) addNetwork({ word, does: 'installs an extension', guess: true }, name, found);
  addTextMentions(word, name, found, [...reads, ...writes]);
}
