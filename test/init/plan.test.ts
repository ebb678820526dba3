import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import rules from '../../rules/index.js';
import Check from '../../src/commands/check.js';
import { readConfig } from '../../src/config/read.js';
import { CI_SYSTEMS, type Answers } from '../../src/init/answers.js';
import { plannedFiles } from '../../src/init/plan.js';

const USUAL: Answers = { target: '1.9', platforms: ['linux/amd64'], ci: 'github', preCommit: true };

function textOf(path: string, answers: Partial<Answers> = {}): string {
  const file = plannedFiles({ ...USUAL, ...answers }, '1.2.3').find((planned) => planned.path === path);
  if (file === undefined) throw new Error(`${path} is not planned`);
  return file.text;
}

const ruleIds = rules.map(({ id }) => id);
const read = (text: string): ReturnType<typeof readConfig> =>
  readConfig(text, { path: '.bacalhau-preflight.yaml', cwd: '/repo', named: false, ruleIds });

describe('the configuration that init writes', () => {
  test('is read without a problem, and says what was answered', () => {
    const result = read(
      textOf('.bacalhau-preflight.yaml', { target: '1.10', platforms: ['linux/arm64', 'linux/amd64'] }),
    );
    expect(result).toMatchObject({
      ok: true,
      config: {
        target: { value: '1.10' },
        platforms: { value: ['linux/arm64', 'linux/amd64'] },
        failOn: 'error',
        notes: [],
      },
    });
  });

  test('its examples are read when they are no comments any more', () => {
    const examples = textOf('.bacalhau-preflight.yaml').replace(/^# (?=(rules|network):| {2})/gm, '');
    const result = read(examples);
    expect(result).toMatchObject({ ok: true, config: { network: { value: { localPaths: ['/data/**:ro'] } } } });
    expect(result.ok && [...result.config.rules.keys()]).toEqual(['image/moving-tag']);
  });

  test('any target stays the text that it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (target) => {
        expect((parse(textOf('.bacalhau-preflight.yaml', { target })) as { target: unknown }).target).toBe(target);
      }),
    );
  });
});

describe('the CI jobs that init writes', () => {
  const flags = Object.keys(Check.flags);
  const commandsIn = (text: string): string[] =>
    Array.from(text.matchAll(/bacalhau-preflight check (.*)$/gm), ([, rest]) => rest ?? '');

  test.each(CI_SYSTEMS)('%s: every file is YAML, and calls check with flags that there are', (ci) => {
    const files = plannedFiles({ ...USUAL, ci }, '1.2.3').filter(({ path }) => path !== '.bacalhau-preflight.yaml');
    for (const { text } of files) {
      expect(typeof parse(text)).toBe('object');
      for (const words of commandsIn(text)) {
        for (const [, flag] of words.matchAll(/--([\w-]+)/g)) expect(flags).toContain(flag);
      }
    }
    expect(files.flatMap(({ text }) => commandsIn(text)).length).toBe({ github: 4, gitlab: 2, none: 1 }[ci]);
  });

  test('a workflow installs exactly this version, and none of its scripts', () => {
    const lines = textOf('.github/workflows/bacalhau-preflight.yml').match(/npm install .*/g) ?? [];
    expect(lines.length).toBe(2);
    for (const line of lines) expect(line).toMatch(/ --ignore-scripts .*bacalhau-preflight@1\.2\.3$/);
  });

  test('the pipeline of GitLab includes the job that is written, whose reports are the ones it keeps', () => {
    const { include } = parse(textOf('.gitlab-ci.yml', { ci: 'gitlab' })) as { include: { local: string }[] };
    const job = textOf(include[0]?.local ?? '', { ci: 'gitlab' });
    const { artifacts } = (parse(job) as Record<string, { artifacts: { reports: Record<string, string> } }>)[
      'bacalhau-preflight'
    ] ?? { artifacts: { reports: {} } };
    expect(job).toContain(`--report gitlab:${artifacts.reports.codequality ?? '?'} `);
    expect(job).toContain(`--report junit:${artifacts.reports.junit ?? '?'}\n`);
  });

  test('the hook is asked for the files that the hook of this repository is asked for', () => {
    const { repos } = parse(textOf('.pre-commit-config.yaml')) as { repos: { hooks: { files: string }[] }[] };
    const [ours] = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as { files: string }[];
    expect(repos[0]?.hooks[0]?.files).toBe(ours?.files);
  });
});
