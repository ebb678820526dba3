import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { GITHUB_WORKFLOW, githubWorkflow } from '../../src/init/github-workflow.js';
import { gitlabJob } from '../../src/init/gitlab-job.js';
import { BIN } from '../kit/cli.js';
import { sarifProblems } from '../kit/report-readers.js';
import { problemsOf } from '../kit/workflow-readers.js';

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
}
interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly if: string; readonly permissions: unknown; readonly steps: readonly Step[] }>
  >;
}

const text = githubWorkflow('1.2.3');
const { permissions, jobs } = parse(text) as Workflow;
const steps = (job: string): readonly Step[] => jobs[job]?.steps ?? [];

describe('the workflow as a text', () => {
  test('GitHub’s own parser takes it, and the action of this repository', () => {
    expect(problemsOf('workflow', text)).toBe('');
    expect(problemsOf('action', readFileSync('action.yml', 'utf8'))).toBe('');
    // it tells mistakes of each kind
    for (const [right, wrong] of [
      ['runs-on', 'runs-in'],
      ['contents: read', 'contents: admin'],
      ["github.event_name == 'push'", "github.event_name == 'push"],
    ] as const)
      expect(problemsOf('workflow', text.replace(right, wrong))).not.toBe('');
  });

  test('nothing may more than it needs: what is not said is none, and no pull request may write', () => {
    expect(permissions).toEqual({});
    expect(jobs['pull-request']).toMatchObject({
      if: "github.event_name == 'pull_request'",
      permissions: { contents: 'read' },
    });
    expect(jobs.branch).toMatchObject({
      if: "github.event_name == 'push'",
      permissions: { contents: 'read', 'security-events': 'write' },
    });
    const used = [...steps('pull-request'), ...steps('branch')];
    for (const { uses, run } of used) {
      if (uses !== undefined) expect(uses).toMatch(/^[\w/-]+@[0-9a-f]{40}$/);
      expect(run ?? '').not.toContain('${{');
    }
    for (const { with: given } of used.filter(({ uses = '' }) => uses.startsWith('actions/checkout@')))
      expect(given).toMatchObject({ 'persist-credentials': false });
  });
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'preflight-workflows-'));
  mkdirSync(join(folder, 'path'));
  symlinkSync(BIN, join(folder, 'path', 'bacalhau-preflight'));
  writeFileSync(join(folder, 'path', 'npm'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = (): Record<string, string> => ({
  PATH: `${join(folder, 'path')}:${process.env.PATH ?? ''}`,
  HOME: folder,
  CI: 'true',
  BACALHAU_PREFLIGHT_OFFLINE: '1',
  DOCKER_HOST: 'unix:///no-engine/docker.sock',
});

function git(cwd: string, ...args: string[]): void {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'protocol.file.allow=always'];
  execFileSync('git', [...who, ...args], { cwd, env: env(), stdio: ['ignore', 'ignore', 'pipe'] });
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const QUIET = "rules: { '*': off }\n";

/** A repository whose branch `change` brings a bad job and a configuration that turns all rules off. */
function repository(name: string, base: string | undefined): string {
  const origin = join(folder, name);
  mkdirSync(origin);
  git(origin, 'init', '-q', '-b', 'main');
  write(join(origin, GITHUB_WORKFLOW), text);
  if (base !== undefined) write(join(origin, '.bacalhau-preflight.yaml'), base);
  git(origin, 'add', '.');
  git(origin, 'commit', '-q', '-m', 'base');
  git(origin, 'checkout', '-q', '-b', 'change');
  write(join(origin, '.bacalhau-preflight.yaml'), QUIET);
  copyFileSync('fixtures/demo/bad.yaml', join(origin, 'bad.yaml'));
  git(origin, 'add', '.');
  git(origin, 'commit', '-q', '-m', 'change');
  git(origin, 'checkout', '-q', 'main');
  write(join(origin, 'later.txt'), 'main goes on\n');
  git(origin, 'add', '.');
  git(origin, 'commit', '-q', '-m', 'later');
  return origin;
}

/** What actions/checkout leaves for a pull request: the merge that would be made, and no more history than asked for. */
function pullRequest(name: string, base: string | undefined): string {
  const origin = repository(name, base);
  git(origin, 'merge', '-q', '--no-ff', '-m', 'merge', 'change');
  const checkout = `${origin}-checkout`;
  const depth = steps('pull-request')[0]?.with?.['fetch-depth'];
  git(folder, 'clone', '-q', '--depth', String(depth), `file://${origin}`, checkout);
  return checkout;
}

function bash(cwd: string, script: string, more: Record<string, string> = {}): { code: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', script], {
    cwd,
    env: { ...env(), ...more },
    encoding: 'utf8',
  });
  return { code: status, out: `${stdout}${stderr}` };
}

describe('the workflow, its steps run', () => {
  const runOf = (job: string, name: string): string =>
    steps(job).find((step) => step.name === name || step.run?.includes(name))?.run ?? 'exit 99';
  const TARGET = "target: '1.6'\n";

  test('a branch of the repository is checked with its own configuration', () => {
    const { code } = bash(pullRequest('own', TARGET), runOf('pull-request', 'Check a branch of this repository'));
    expect(code).toBe(0);
  });

  test('a fork is checked with the configuration that its pull request cannot change', () => {
    const { code, out } = bash(pullRequest('fork', TARGET), runOf('pull-request', 'Check a fork'));
    expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/^::error .*file=bad\.yaml/m) });
    expect(out).toContain('input/ipfs-subpath');
  });

  test('a fork cannot bring the first configuration either', () => {
    const { code, out } = bash(pullRequest('first', undefined), runOf('pull-request', 'Check a fork'));
    expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/^::error .*file=bad\.yaml/m) });
  });

  test('each pull request is checked by exactly one of the two steps', () => {
    const conditions = steps('pull-request').flatMap((step) => step.if ?? []);
    const own = 'github.event.pull_request.head.repo.full_name == github.repository';
    expect(conditions).toEqual([own, own.replace('==', '!=')]);
  });

  test('what a branch holds goes to code scanning', () => {
    const origin = repository('branch', undefined);
    git(origin, 'merge', '-q', '--no-ff', '-m', 'merge', 'change');
    rmSync(join(origin, '.bacalhau-preflight.yaml'));
    const { code } = bash(origin, runOf('branch', '--report'));
    const upload = steps('branch').find(({ uses = '' }) => uses.includes('upload-sarif'));
    expect(code).toBe(1);
    expect(upload?.if).toMatch(/^always\(\) /);
    expect(sarifProblems(readFileSync(join(origin, String(upload?.with?.sarif_file)), 'utf8'))).toEqual([]);
  });
});

describe('the job of GitLab, its script run', () => {
  const job = (parse(gitlabJob('1.2.3')) as Record<string, { script: string[]; image: string }>)['bacalhau-preflight'];
  const script = job?.script.join('\n') ?? 'exit 99';

  /** What the runner leaves for a merge request: the branch alone, with no history. */
  function mergeRequest(name: string, base: string | undefined): string {
    const origin = repository(name, base);
    const checkout = `${origin}-checkout`;
    git(folder, 'clone', '-q', '--depth', '1', '-b', 'change', `file://${origin}`, checkout);
    return checkout;
  }
  const VARIABLES = {
    CI_MERGE_REQUEST_PROJECT_ID: '7',
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '7',
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
  };
  const FORK = { ...VARIABLES, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '8' };

  test('a branch, of a merge request or not, is checked with its own configuration', () => {
    const checkout = mergeRequest('gitlab-own', "target: '1.6'\n");
    expect(bash(checkout, script, VARIABLES).code).toBe(0);
    expect(bash(checkout, script).code).toBe(0);
  });

  test('a fork is checked with the configuration of the branch that it goes to, or with none', () => {
    for (const [name, base] of [
      ['gitlab-fork', "target: '1.6'\n"],
      ['gitlab-first', undefined],
    ] as const) {
      const checkout = mergeRequest(name, base);
      expect({ name, code: bash(checkout, script, FORK).code }).toEqual({ name, code: 1 });
      expect(readFileSync(join(checkout, 'preflight-quality.json'), 'utf8')).toContain('input/ipfs-subpath');
    }
  });

  test('its image has the git that it calls', () => {
    expect(job?.image).toBe('node:22'); // node:*-slim and node:*-alpine have none
  });
});
