import { readFileSync, writeFileSync } from 'node:fs';
import rules from '../rules/index.js';
import { ruleIndex } from './list-rules.js';
import { ruleDocs, ruleTable } from './rule-docs.js';

/** Generated files that are not as they should be, with the text they should have. */
export function staleFiles(): Map<string, string> {
  const stale = new Map<string, string>();
  const compare = (path: string, wanted: string): void => {
    if (readText(path) !== wanted) stale.set(path, wanted);
  };
  compare('rules/index.ts', ruleIndex());
  compare('docs/rules.md', ruleDocs(rules));
  const readme = readText('README.md');
  compare(
    'README.md',
    readme.replace(
      /(<!-- rules -->\n)[\s\S]*(<!-- \/rules -->)/,
      `$1\n<!-- prettier-ignore -->\n${ruleTable(rules, 'docs/rules.md')}\n\n$2`,
    ),
  );
  return stale;
}

/** Writes the files that are made from the rules. */
export function main(): void {
  for (const [path, text] of staleFiles()) {
    writeFileSync(path, text);
    process.stdout.write(`${path} written\n`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
