import type { Example, Rule } from '../check/rule.js';
import { ruleStage } from '../check/stage.js';
import { circumstancesOf } from './circumstances.js';
import { wrap } from './width.js';

/**
 * The page of one rule for a terminal: what, why, what to do, before and after.
 *
 * @param columns width to keep to; the lines of examples are as they are
 */
export function explainRule(rule: Rule, columns: number): string {
  const paragraph = (text: string): string[] =>
    text.split('\n').flatMap((part) => wrap(part, columns - 2).map((line) => `  ${line}`));
  const lines = [
    ...wrap(`${rule.id}  ${rule.severity} at ${rule.stage} (${ruleStage(rule)})`, columns),
    ...wrap(rule.title, columns),
    ...releases(rule),
    '',
    'Why',
    ...paragraph(rule.why),
    '',
    'What to do',
    ...paragraph(rule.remedy),
  ];
  const [bad] = rule.examples.bad;
  const [good] = rule.examples.good;
  if (bad !== undefined) lines.push('', 'Found in', ...exampleLines(bad));
  if (good !== undefined) lines.push('', 'Not found in', ...exampleLines(good));
  return `${lines.join('\n')}\n`;

  function exampleLines(example: Example): string[] {
    const text = example.job ?? example.command ?? example.dockerfile ?? example.reference ?? '';
    const notes = [...(example.title === undefined ? [] : [example.title]), ...circumstancesOf(example)];
    return [
      ...(notes.length === 0 ? [] : paragraph(`(${notes.join('; ')})`)),
      ...text
        .trim()
        .split('\n')
        .map((line) => `    ${line}`),
    ];
  }
}

function releases({ since, until }: Rule): string[] {
  if (since === undefined && until === undefined) return [];
  return [`Bacalhau ${since ?? ''}${until === undefined ? ' and later' : ` to ${until}`}`];
}
