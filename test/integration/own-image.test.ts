import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runCli } from '../kit/cli.js';
import { startEngine, type TestEngine } from '../kit/engine.js';
import { describeWith } from '../kit/service.js';

// The image of the Dockerfile, built and run, and the pre-commit hook that builds it. No registry is asked for the base
// image: one stands in for it, of the Node that runs these tests, its npm, the C library of this machine and busybox.
// So the real node:*-alpine, other platforms, and pulling are not covered.

const IMAGE = 'bacalhau-preflight:built';
const SLOW = 900_000;
/** What a clone of this repository has, as far as the image and the hook want it. */
const PARTS = [
  '.dockerignore',
  '.npmrc',
  '.pre-commit-hooks.yaml',
  'Dockerfile',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'rules',
  'scripts',
  'src',
  'README.md',
];

describeWith(['root', 'dockerd', '/usr/bin/docker', 'busybox', 'ldd', 'tar', 'git', 'pre-commit'], 'the image', () => {
  let engine: TestEngine | undefined;
  let folder = '';
  let source = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'own-image-'));
    source = join(folder, 'source');
    mkdirSync(source);
    for (const part of PARTS) cpSync(part, join(source, part), { recursive: true });
    engine = await startEngine();
    await importBase();
    await docker('build', '--network', 'none', '--tag', IMAGE, source);
  }, SLOW);
  afterAll(async () => {
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, SLOW);

  /** Debian's own client, which has BuildKit built in; others want a plugin that Debian lacks. */
  function docker(...args: string[]): Promise<Ended> {
    return run('/usr/bin/docker', args, { DOCKER_HOST: engine?.host ?? '', DOCKER_BUILDKIT: '1', HOME: folder });
  }

  async function importBase(): Promise<void> {
    const root = join(folder, 'root');
    const cache = await filledCache();
    for (const path of ['bin', 'tmp', 'etc', 'usr/local/bin', 'usr/local/lib/node_modules', 'root'])
      mkdirSync(join(root, path), { recursive: true });
    chmodSync(join(root, 'tmp'), 0o1777);
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/:/bin/sh\n');
    put(process.execPath, join(root, 'usr/local/bin/node'));
    const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
    for (const [path] of libraries.matchAll(/\/\S+/g)) put(path, join(root, path));
    put('/bin/busybox', join(root, 'bin/busybox'));
    mkdirSync(join(root, 'usr/bin'));
    for (const name of ['sh', 'ln', 'cat', 'id', 'touch']) symlinkSync('busybox', join(root, 'bin', name));
    symlinkSync('/bin/busybox', join(root, 'usr/bin/env'));
    const npm = dirname(dirname(realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim())));
    cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
    cpSync(cache, join(root, 'npm-cache'), { recursive: true });
    const archive = join(folder, 'root.tar');
    execFileSync('tar', ['-cf', archive, '--numeric-owner', '--owner=0', '--group=0', '-C', root, '.']);
    const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
    const env = `PATH=/usr/local/bin:/bin:/usr/bin npm_config_cache=/npm-cache npm_config_offline=true`;
    const changes = ['-c', `ENV ${env} npm_config_registry=${registry}`];
    expect(await docker('import', ...changes, archive, 'node:22-alpine')).toMatchObject({ code: 0 });
  }

  /** A cache of npm with what the lock file names, so that `npm ci` in the build needs no network. */
  async function filledCache(): Promise<string> {
    const project = join(folder, 'project');
    const cache = join(folder, 'npm-cache');
    mkdirSync(project);
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) cpSync(name, join(project, name));
    const { HOME = '', npm_config_cafile: cafile } = process.env;
    const env = { HOME, ...(cafile === undefined ? {} : { npm_config_cafile: cafile }) };
    const filled = await run('npm', ['ci', '--ignore-scripts', '--cache', cache], env, project);
    expect(filled).toMatchObject({ code: 0 });
    rmSync(join(project, 'node_modules'), { recursive: true });
    return cache;
  }

  test('checks a folder that is mounted read-only, as a user that is not root', async () => {
    const mount = ['--volume', `${resolve('fixtures/demo')}:/work:ro`];
    const { code, stdout, stderr } = await docker(
      'run',
      '--rm',
      '--network=none',
      '--read-only',
      ...mount,
      IMAGE,
      'check',
      '.',
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: '2 files seen, 2 taken\n' });
    expect(stdout).toContain('input/ipfs-subpath');
    const shell = await docker('run', '--rm', '--network=none', '--entrypoint=id', IMAGE, '-u');
    expect(shell.stdout).toBe('1000\n');
  });

  test('says its help when it is run alone', async () => {
    const { code, stdout } = await docker('run', '--rm', '--network=none', IMAGE);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('dry-run') });
  });

  test('holds what it needs and nothing that only building needs', async () => {
    const size = async (name: string): Promise<number> =>
      Number((await docker('image', 'inspect', '--format={{.Size}}', name)).stdout);
    const ours = (await size(IMAGE)) - (await size('node:22-alpine'));
    process.stderr.write(`the image adds ${(ours / 1_000_000).toFixed(1)} MB to node:22-alpine\n`);
    expect(ours).toBeLessThan(60_000_000);
    const list = 'require("node:fs").readdirSync("/opt/bacalhau-preflight/node_modules").join()';
    const { stdout } = await docker('run', '--rm', '--network=none', '--entrypoint=node', IMAGE, '-p', list);
    const modules = stdout.trim().split(',');
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const names = (list: object): string[] => Object.keys(list).filter((name) => !name.startsWith('@'));
    expect(modules).toEqual(expect.arrayContaining(names(dependencies)));
    expect(modules.filter((name) => names(devDependencies).includes(name))).toEqual([]);
  });

  test('passes its own check', async () => {
    const args = ['check', 'Dockerfile', '--image', `docker-daemon:${IMAGE}`, '--deep', '--fail-on', 'info'];
    const { code, stdout } = await runCli(args, { env: { DOCKER_HOST: engine?.host ?? '' } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Bacalhau') });
  });

  test(
    'the hook for pre-commit builds and runs it',
    async () => {
      // pre-commit asks for the base image anew, which no registry here could answer
      const path = join(folder, 'path');
      mkdirSync(path);
      const client = `#!/bin/sh
for word; do shift; [ "$word" = --pull ] || set -- "$@" "$word"; done
[ "$1" != build ] || { shift; set -- build --network none "$@"; }
exec /usr/bin/docker "$@"
`;
      writeFileSync(join(path, 'docker'), client, { mode: 0o755 });
      commit(source);
      const user = join(folder, 'user');
      mkdirSync(user);
      cpSync('fixtures/demo/good.yaml', join(user, 'good.yaml'));
      commit(user);
      const env = {
        PATH: `${path}:${process.env.PATH ?? ''}`,
        HOME: folder,
        DOCKER_HOST: engine?.host ?? '',
        DOCKER_BUILDKIT: '1',
      };
      const tryHook = (): Promise<Ended> =>
        run('pre-commit', ['try-repo', source, 'bacalhau-preflight', '--all-files', '--verbose'], env, user);
      const good = await tryHook();
      expect(good).toMatchObject({ code: 0, stdout: expect.stringMatching(/bacalhau-preflight\.+.*Passed/) });
      cpSync('fixtures/demo/bad.yaml', join(user, 'bad.yaml'));
      execFileSync('git', ['add', '.'], { cwd: user });
      const bad = await tryHook();
      expect(bad).toMatchObject({ code: 1, stdout: expect.stringMatching(/Failed[^]*input\/ipfs-subpath/) });
    },
    SLOW,
  );
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd = process.cwd(),
): Promise<Ended> {
  return new Promise((done) => {
    const options = { cwd, env: { PATH: process.env.PATH ?? '', ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(program, args, options, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
    });
  });
}

/** A file that a link leads to, in place of the link. */
function put(from: string, to: string): void {
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(realpathSync(from), to);
}

function commit(cwd: string): void {
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], { cwd });
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'all');
}
