import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ruleIndex } from './list-rules.js';

/** `npm run new-rule -- group/name`: writes a rule that does nothing yet, and puts it in the list. */
export function main(args: readonly string[]): number {
  const [id] = args;
  if (id === undefined || !/^[a-z0-9]+\/[a-z0-9-]+$/.test(id)) {
    process.stderr.write('usage: npm run new-rule -- group/name\n');
    return 2;
  }
  const path = `rules/${id}.ts`;
  if (existsSync(path)) {
    process.stderr.write(`${path} is there already\n`);
    return 2;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, template(id));
  writeFileSync('rules/index.ts', ruleIndex());
  process.stdout.write(`${path} written; npm test tells what it still lacks, npm run generate writes its docs\n`);
  return 0;
}

function template(id: string): string {
  return `import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: '${id}',
  stage: 'node',
  severity: 'warning',
  title: 'What is wrong, in a few words',
  why: 'What Bacalhau does with it, since which release.',
  remedy: 'What to change.',
  examples: {
    bad: [
      {
        job: \`
Name: example
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/example:1.0
\`,
        expect: { stage: 'node', severity: 'warning', at: 'acme/example:1.0' },
      },
    ],
    good: [],
  },
  *check({ job }) {
    const image = job?.task?.engine?.docker?.image;
    if (image === undefined) return;
    // Yield { at, message } for what is wrong; leave out what is not.
  },
});
`;
}
