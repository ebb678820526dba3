import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'rules'; // scripts run in the project's root

/** Gives the text of rules/index.ts for the rule files that are there, sorted by id. */
export function ruleIndex(folder: string = FOLDER): string {
  const ids = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((group) =>
      readdirSync(join(folder, group.name))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${group.name}/${file.slice(0, -3)}`),
    )
    .sort();
  const name = (id: string): string => id.replace(/[/-](.)/g, (_match, letter: string) => letter.toUpperCase());
  return [
    '// Written by `npm run generate`: one line for each file below this folder.',
    `import type { Rule } from '../src/check/rule.js';`,
    ...ids.map((id) => `import ${name(id)} from './${id}.js';`),
    '',
    '/** All rules, by id. */',
    `const rules: readonly Rule[] = [\n${ids.map((id) => `  ${name(id)},\n`).join('')}];`,
    'export default rules;',
    '',
  ].join('\n');
}

/** Writes rules/index.ts; a step of its own, because everything else is made from that list. */
export function main(): void {
  writeFileSync(`${FOLDER}/index.ts`, ruleIndex());
}
