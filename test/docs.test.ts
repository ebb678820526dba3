import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { staleFiles } from '../scripts/generate.js';
import { COMMANDS } from '../src/cli.js';

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
