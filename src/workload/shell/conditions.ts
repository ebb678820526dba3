import type { AndOr, CommandNode, CompoundList, PipelineNode } from 'unbash';

type Node = AndOr | PipelineNode | CommandNode | CompoundList;

/** Programs that people ask before `&&`: the rest runs only if the answer is yes. */
const QUESTIONS = new Set(['test', '[', 'command', 'which', 'type', 'hash', 'grep', 'egrep', 'pgrep', 'false']);
const ENDS = new Set(['exit', 'return', 'false', 'kill', 'die', 'fail']);

/**
 * Tells for each command of an AND-OR list whether it may well not run, or may fail without harm: after `||`, after a
 * question (`[ -f a ] && b`), or before an `||` that does not give up (`a || true`, but not `a || exit 1`).
 */
export function conditionalParts({ commands, operators }: AndOr): boolean[] {
  const parts = commands.map(() => false);
  let asked = false;
  commands.forEach((command, index) => {
    if (asked || operators[index - 1] === '||') parts[index] = true;
    asked ||= isQuestion(command);
  });
  let rescued = false;
  for (let index = commands.length - 1; index >= 0; index--) {
    const next = commands[index + 1];
    if (operators[index] === '||' && next !== undefined) rescued = !givesUp(next);
    if (rescued && index < commands.length - 1) parts[index] = true;
  }
  return parts;
}

function isQuestion(node: Node): boolean {
  if (node.type === 'TestCommand' || node.type === 'ArithmeticCommand') return true;
  if (node.type === 'Pipeline') return lastIs(node.commands, isQuestion);
  if (node.type === 'Redirected') return isQuestion(node.command);
  return node.type === 'Command' && QUESTIONS.has(node.name?.value ?? '');
}

/** Ends the script, alone or as the last command of a group. */
function givesUp(node: Node): boolean {
  switch (node.type) {
    case 'Command':
      return ENDS.has(node.name?.value ?? '');
    case 'Redirected':
      return givesUp(node.command);
    case 'BraceGroup':
    case 'Subshell':
      return lastIs(
        node.body.commands.map(({ command }) => command),
        givesUp,
      );
    case 'AndOr':
      return lastIs(node.commands, givesUp);
    default:
      return false;
  }
}

function lastIs<T>(items: readonly T[], holds: (item: T) => boolean): boolean {
  const last = items.at(-1);
  return last !== undefined && holds(last);
}
