import type { Assignment } from 'unbash';
import { resolvePath } from '../../text/posix-path.js';
import { childScope, UNKNOWN, type Scope, type Value } from './scope.js';
import { wordValue, type OnScript } from './words.js';

/** Applies `NAME=value`; arrays and `+=` leave the name unknown. */
export function assign(assignment: Assignment, scope: Scope, onScript: OnScript): void {
  const { name, value, append, index } = assignment;
  const plain = value.type === 'Word' && append !== true && index === undefined;
  scope.variables.set(name, plain ? wordValue(value, scope, onScript) : UNKNOWN);
}

/** Applies what a builtin does to the shell itself: `cd`, `read`, `unset`, `set --`, `shift`. */
export function applyBuiltin(words: readonly Value[], scope: Scope): void {
  const [name, ...args] = words;
  if (name?.known !== true) return;
  switch (name.text) {
    case 'cd':
    case 'pushd':
      changeFolder(args, scope);
      break;
    case 'popd':
      scope.cwd = undefined;
      break;
    case 'read':
    case 'unset':
    case 'mapfile':
    case 'readarray':
      for (const { text } of args) if (!text.startsWith('-')) scope.variables.set(text, UNKNOWN);
      break;
    case 'getopts':
      if (args[1] !== undefined) scope.variables.set(args[1].text, UNKNOWN);
      break;
    case 'set':
    case 'shift':
      if (name.text === 'shift' || args.some(({ text }) => text === '--')) scope.parameters = new Map();
      break;
  }
}

function changeFolder(args: readonly Value[], scope: Scope): void {
  const to = args.find(({ text }) => !/^-[LPe]*$|^--$/.test(text));
  const dashes = args.some(({ text }) => text === '-');
  if (to === undefined || dashes || !to.known || to.guess || /[*?[]/.test(to.text)) scope.cwd = undefined;
  else if (to.text.startsWith('/')) scope.cwd = resolvePath('/', to.text);
  else if (scope.cwd !== undefined) scope.cwd = resolvePath(scope.cwd, to.text);
}

/** The scope in which a function runs: the caller's variables and folder, with parameters of its own. */
export function functionScope(scope: Scope, words: readonly Value[]): Scope {
  const parameters = words.slice(1).map((word, index): [string, Value] => [String(index + 1), word]);
  return { ...childScope(scope), parameters: new Map(parameters) };
}

/** Hands on what a function leaves behind: variables and folder, but not its parameters. */
export function leaveFunction(inside: Scope, scope: Scope): void {
  for (const [name, value] of inside.variables) scope.variables.set(name, value);
  scope.cwd = inside.cwd;
}
