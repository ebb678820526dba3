import type { Example, Rule } from '../check/rule.js';
import { STAGE_MEANING } from '../check/stage.js';
import { wrap } from './width.js';

const COLUMNS = 80;

/** The page of one rule for a terminal: what, why, what to do, before and after. */
export function explainRule(rule: Rule): string {
  const paragraph = (text: string): string[] =>
    text.split('\n').flatMap((part) => wrap(part, COLUMNS - 2).map((line) => `  ${line}`));
  const lines = [
    `${rule.id}  ${rule.severity} at ${rule.stage}  (${STAGE_MEANING[rule.stage]})`,
    rule.title,
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
}

function releases({ since, until }: Rule): string[] {
  if (since === undefined && until === undefined) return [];
  return [`Bacalhau ${since ?? ''}${until === undefined ? ' and later' : ` to ${until}`}`];
}

function exampleLines(example: Example): string[] {
  const text = example.job ?? example.command ?? example.dockerfile ?? example.reference ?? '';
  const notes = [
    ...(example.target === undefined ? [] : [`target ${example.target}`]),
    ...(example.platforms === undefined ? [] : [`nodes ${example.platforms.join(', ')}`]),
    ...(example.image?.platforms === undefined ? [] : [`image for ${example.image.platforms.join(', ')}`]),
  ];
  const lines = text
    .trim()
    .split('\n')
    .map((line) => `    ${line}`);
  return notes.length === 0 ? lines : [`  (${notes.join('; ')})`, ...lines];
}
