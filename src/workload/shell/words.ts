import type { ParameterExpansionPart, ParameterRemoveOperation, ParsedScript, Word, WordPart } from 'unbash';
import { alternatives } from './braces.js';
import { remove } from './patterns.js';
import { UNKNOWN, valueOf, type Scope, type Value } from './scope.js';

/** Called for each `$(…)` and `<(…)`, whose commands run too. */
export type OnScript = (script: ParsedScript) => void;

/** A word stands for so many words at most; of more, a pattern is made. */
const MOST_WORDS = 64;

/** One word as the program gets it; several when a variable without quotes is split (POSIX shell, 2.6.5), and of braces. */
export function wordValues(word: Word, scope: Scope, onScript: OnScript): Value[] {
  const parts = word.parts;
  if (parts?.some(({ type }) => type === 'BraceExpansion') === true) return expandBraces(parts, scope, onScript);
  const value = wordValue(word, scope, onScript);
  const split = parts?.length === 1 && parts[0]?.type === 'SimpleExpansion' && value.known;
  if (!split) return [value];
  return value.text.split(/[ \t\n]+/).flatMap((text) => (text === '' ? [] : [{ ...value, text }]));
}

function expandBraces(parts: readonly WordPart[], scope: Scope, onScript: OnScript): Value[] {
  let values: Value[] = [literal('')];
  for (const part of parts) {
    const each = part.type === 'BraceExpansion' ? (alternatives(part.text) ?? ['*']).map(literal) : undefined;
    const next = each ?? [partValue(part, scope, onScript)];
    const many = values.length * next.length > MOST_WORDS;
    values = values.flatMap((value) => (many ? [literal('*')] : next).map((end) => joined(value, end)));
  }
  return values;
}

function joined(a: Value, b: Value): Value {
  const text = a.text + b.text;
  return text.length > LONGEST_JOINED ? UNKNOWN : { text, known: a.known && b.known, guess: a.guess || b.guess };
}

/** One word without splitting, as in an assignment or a redirection. */
export function wordValue(word: Word, scope: Scope, onScript: OnScript): Value {
  const parts = word.parts ?? [];
  const value =
    parts.length === 0 ? { text: word.value, known: true, guess: false } : partsValue(parts, scope, onScript);
  // The home folder of the user of the image.
  return /^~(?:\/|$)/.test(word.text) ? { ...value, text: `…${value.text.slice(1)}`, known: false } : value;
}

/** What is put together beyond this is a text that doubles itself (`A=$A$A`). */
const LONGEST_JOINED = 8192;

/** The text that parts make together, as in double quotes or a here-document. */
export function partsValue(parts: readonly WordPart[], scope: Scope, onScript: OnScript): Value {
  let text = '';
  let known = true;
  let guess = false;
  for (const part of parts) {
    const value = partValue(part, scope, onScript);
    text += value.text;
    known &&= value.known;
    guess ||= value.guess;
    if (parts.length > 1 && text.length > LONGEST_JOINED) return { ...UNKNOWN, guess };
  }
  return { text, known, guess };
}

function partValue(part: WordPart, scope: Scope, onScript: OnScript): Value {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return literal(part.value);
    case 'DoubleQuoted':
    case 'LocaleString':
      return partsValue(part.parts, scope, onScript);
    case 'Glob':
      return literal(part.text);
    // What a brace or an extended glob stands for is told as a glob.
    case 'BraceExpansion':
    case 'ExtendedGlob':
      return literal('*');
    case 'SimpleExpansion':
      return variable(part.text.slice(1), scope);
    case 'ParameterExpansion':
      return parameter(part, scope, onScript);
    case 'CommandExpansion':
      if (part.script !== undefined) onScript(part.script);
      return part.text === '$(pwd)' && scope.cwd !== undefined ? literal(scope.cwd) : UNKNOWN;
    case 'ProcessSubstitution':
      if (part.script !== undefined) onScript(part.script);
      return UNKNOWN;
    case 'ArithmeticExpansion':
      return UNKNOWN;
  }
}

function literal(text: string): Value {
  return { text, known: true, guess: false };
}

function variable(name: string, scope: Scope): Value {
  if (name === 'PWD' && scope.cwd !== undefined) return literal(scope.cwd);
  return valueOf(scope, name) ?? UNKNOWN;
}

/** `${NAME}` and `${NAME:-default}`; the other operations are only known at run time. */
function parameter(part: ParameterExpansionPart, scope: Scope, onScript: OnScript): Value {
  if (part.prefix !== undefined || part.index !== undefined) return UNKNOWN;
  const { operation } = part;
  if (operation === undefined) return variable(part.parameter, scope);
  if (operation.type === 'Remove') return removed(part.parameter, operation, scope, onScript);
  if (operation.type !== 'Default') return UNKNOWN;
  const set = valueOf(scope, part.parameter);
  switch (operation.operator) {
    case '-':
    case ':-':
    case '=':
    case ':=':
      if (set !== undefined && (set.text !== '' || operation.operator.length === 1)) return set;
      // The environment of the container may have a value.
      return { ...wordValue(operation.operand, scope, onScript), guess: true };
    case '?':
    case ':?':
      return set ?? UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function removed(
  name: string,
  { operator, operand }: ParameterRemoveOperation,
  scope: Scope,
  onScript: OnScript,
): Value {
  const value = variable(name, scope);
  const pattern = wordValue(operand, scope, onScript);
  if (!value.known || !pattern.known || value.text.length > LONGEST_JOINED) return UNKNOWN;
  const text = remove(value.text, operator, pattern.text);
  return text === undefined ? UNKNOWN : { ...value, text };
}
