import { STAGE_MEANING } from '../check/stage.js';
import type { Recognised } from '../explain/recognise.js';
import { escapeForTerminal } from './escape.js';
import { wrap } from './width.js';

const LABEL = 18;
/** Below this, texts stand under their labels and not beside them. */
const NARROW = 60;

/**
 * What is said of an error text that was pasted: the best answer whole, others that were seen by a line each.
 *
 * @param columns width to keep to, at least 40
 */
export function explainError([best, ...others]: readonly [Recognised, ...Recognised[]], columns: number): string {
  const { error, quote } = best;
  const rules =
    error.rules.length === 0 ? 'no rule: it depends on the node, the program or the day' : error.rules.join(', ');
  const lines = [
    ...wrap(escapeForTerminal(quote), columns),
    '',
    ...row('What happened', `${error.what.replace(/\.$/, '')} (${STAGE_MEANING[error.stage]}).`, columns),
    ...row('Why', error.why, columns),
    ...row('What to do', error.cure, columns),
    ...row('Seen before submitting by', rules, columns),
  ];
  const causes = others.filter((other) => other.error.isSymptom !== true);
  const symptoms = others.filter((other) => other.error.isSymptom === true);
  if (causes.length > 0) lines.push('', 'Also in this text:', ...quotes(causes, columns));
  if (symptoms.length > 0) {
    lines.push('', 'Secondary (that it failed, not why):', ...quotes(symptoms, columns));
  }
  if (others.length > 0) lines.push(...wrap('Give one of these to explain to have it explained too.', columns));
  return `${lines.join('\n')}\n`;
}

function quotes(others: readonly Recognised[], columns: number): string[] {
  return others.flatMap(({ quote }) =>
    wrap(escapeForTerminal(quote), columns - 4).map((line, index) => (index === 0 ? `  ${line}` : `    ${line}`)),
  );
}

function row(label: string, text: string, columns: number): string[] {
  const head = `  ${label}`;
  if (columns < NARROW) return [head, ...indent(text, columns, 4)];
  if (head.length >= LABEL) return [head, ...indent(text, columns, LABEL)];
  return indent(text, columns, LABEL).map((line, index) =>
    index === 0 ? head.padEnd(LABEL) + line.trimStart() : line,
  );
}

function indent(text: string, columns: number, by: number): string[] {
  return wrap(text, columns - by).map((line) => ' '.repeat(by) + line);
}
