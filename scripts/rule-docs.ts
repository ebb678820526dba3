import type { Example, Rule } from '../src/check/rule.js';
import { ruleStage } from '../src/check/stage.js';
import { circumstancesOf } from '../src/report/circumstances.js';

/** Gives the text of docs/rules.md. */
export function ruleDocs(rules: readonly Rule[]): string {
  return [
    '# Rules',
    '',
    '<!-- Written by `npm run generate` from the rule files. -->',
    '',
    ruleTable(rules),
    '',
    ...rules.flatMap(ruleSection),
  ].join('\n');
}

/** Gives the table of all rules, for README and docs. */
export function ruleTable(rules: readonly Rule[], link = ''): string {
  return [
    '| rule | severity | stage | finds |',
    '| --- | --- | --- | --- |',
    ...rules.map(
      ({ id, severity, stage, title }) =>
        `| [${id}](${link}#${anchor(id)}) | ${severity} | ${stage} | ${cell(title)} |`,
    ),
  ].join('\n');
}

/** How GitHub names the anchor of a heading that is a rule's id. */
function anchor(id: string): string {
  return id.replaceAll('/', '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function ruleSection(rule: Rule): string[] {
  const range =
    rule.since === undefined && rule.until === undefined
      ? 'all'
      : `${rule.since === undefined ? '' : `since ${rule.since} `}${rule.until === undefined ? '' : `until ${rule.until}`}`;
  return [
    `## ${rule.id}`,
    '',
    `${rule.title}.`,
    '',
    '| severity | stage | Bacalhau releases |',
    '| --- | --- | --- |',
    `| ${rule.severity} | ${rule.stage}: ${ruleStage(rule)} | ${range.trim()} |`,
    '',
    `**Why.** ${rule.why.trim()}`,
    '',
    `**What to do.** ${rule.remedy.trim()}`,
    '',
    ...rule.examples.bad.slice(0, 1).flatMap((example) => exampleSection('Found', example)),
    ...rule.examples.good.slice(0, 1).flatMap((example) => exampleSection('Not found', example)),
  ];
}

function exampleSection(heading: string, example: Example): string[] {
  const [language, text] =
    example.job !== undefined
      ? ['yaml', example.job]
      : example.dockerfile !== undefined
        ? ['dockerfile', example.dockerfile]
        : ['sh', example.command ?? `bacalhau-preflight check --image ${example.reference ?? ''}`];
  const circumstances = [...(example.title === undefined ? [] : [example.title]), ...circumstancesOf(example)];
  return [
    `${heading}${circumstances.length === 0 ? '' : ` (${circumstances.join('; ')})`}:`,
    '',
    `\`\`\`${language}`,
    text.replace(/^\n+|\s+$/g, ''),
    '```',
    '',
  ];
}
