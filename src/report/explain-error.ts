import { STAGE_MEANING } from '../check/stage.js';
import type { Recognised } from '../explain/recognise.js';
import { escapeForTerminal } from './escape.js';
import { wrap } from './width.js';

const COLUMNS = 80;
const LABEL = 18;

/** What is said of an error text that was pasted: the best answer whole, others that were seen by a line each. */
export function explainError([best, ...others]: readonly [Recognised, ...Recognised[]]): string {
  const { error, quote } = best;
  const rules =
    error.rules.length === 0 ? 'no rule: it depends on the node, the program or the day' : error.rules.join(', ');
  const lines = [
    escapeForTerminal(quote),
    '',
    ...row('What happened', `${error.what.replace(/\.$/, '')} (${STAGE_MEANING[error.stage]}).`),
    ...row('Why', error.why),
    ...row('What to do', error.cure),
    ...row('Seen before submitting by', rules),
  ];
  if (others.length > 0) {
    lines.push('', 'Also in this text:', ...others.map((other) => `  ${escapeForTerminal(other.quote)}`));
    lines.push(...wrap('Give one of these to explain to have it explained too.', COLUMNS));
  }
  return `${lines.join('\n')}\n`;
}

function row(label: string, text: string): string[] {
  const head = `  ${label}`;
  if (head.length >= LABEL) return [head, ...indent(text)];
  return indent(text).map((line, index) => (index === 0 ? head.padEnd(LABEL) + line.trimStart() : line));
}

function indent(text: string): string[] {
  return wrap(text, COLUMNS - LABEL).map((line) => ' '.repeat(LABEL) + line);
}
