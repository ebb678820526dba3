import { writeRuleIndex } from './list-rules.js';

/** Writes every generated file of the project: the list of rules and what is made from it. */
export function main(): void {
  if (writeRuleIndex()) process.stdout.write('rules/index.ts written\n');
}
