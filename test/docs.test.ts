import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { staleFiles } from '../scripts/generate.js';
import { COMMANDS } from '../src/cli.js';
import { runCli } from './kit/cli.js';

describe('docs', () => {
  test('generated files are as `npm run generate` writes them', () => {
    expect([...staleFiles().keys()]).toEqual([]);
  });

  test('every command that the README names is a script or a command', () => {
    const readme = readFileSync('README.md', 'utf8');
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const named = Array.from(readme.matchAll(/npm run ([a-z-]+)/g), ([, name]) => name ?? '');
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
    const commands = Array.from(readme.matchAll(/^\$? ?bacalhau-preflight ([a-z-]+)/gm), ([, name]) => name ?? '');
    expect(commands.filter((name) => !Object.keys(COMMANDS).includes(name))).toEqual([]);
  });

  test('the README shows what the demo prints', async () => {
    const args = 'check fixtures/demo/bad.yaml --image oci:fixtures/images/wordcount-arm64:1.4 --offline';
    const { stdout } = await runCli(args.split(' '));
    const block = `$1\n\`\`\`console\n$ bacalhau-preflight ${args}\n${stdout.trimEnd().replaceAll('$', '$$$$')}\n\`\`\`\n\n$2`;
    const readme = readFileSync('README.md', 'utf8');
    const shown = readme.replace(/(<!-- capture -->\n)[\s\S]*(<!-- \/capture -->)/, block);
    if (process.env.UPDATE_SCENARIOS === '1') writeFileSync('README.md', shown);
    else expect(readme).toBe(shown);
  });

  test('files that the docs link to are there', () => {
    for (const file of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']) {
      const links = Array.from(
        readFileSync(file, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g),
        ([, path]) => path ?? '',
      );
      expect(links.filter((path) => !existsSync(path))).toEqual([]);
    }
  });
});
