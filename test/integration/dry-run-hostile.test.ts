import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, startCli, type CliResult, type StartedCli } from '../kit/cli.js';
import { buildImages, leftovers } from '../kit/dry-run.js';
import { startEngine, type TestEngine } from '../kit/engine.js';
import { listen, portOf } from '../kit/listen.js';
import { describeWith } from '../kit/service.js';

describeWith(['dockerd', 'busybox', 'mount', 'root'], 'a dry run under attack', () => {
  let engine: TestEngine;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dry-run-hostile-'));
    engine = await startEngine();
    await buildImages(engine);
  }, 60_000);
  afterAll(async () => {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const empty = (): Promise<string> => mkdtemp(join(folder, 'run-'));
  const job = (script: string, flags = ''): string =>
    `bacalhau docker run --network none ${flags} -p local -o o:/o tools:1 -- sh -c '${script}'`;
  const run = (
    cwd: string,
    line: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<CliResult> =>
    runCli(['dry-run', '--command', line, ...args], { cwd, env: { DOCKER_HOST: engine.host, ...env } });

  describe('results', () => {
    test('that are devices, pipes, links, setuid, or oddly named', async () => {
      const cwd = await empty();
      const script = [
        'cd /o; mknod device c 1 3; mkfifo pipe; ln -s /etc/passwd link; ln -s / root; ln device again',
        'echo s > setuid; chmod 6755 setuid; echo 0 > shut; chmod 0 shut; ln setuid twin',
        'for n in "new\\nline" "esc\\033[2J" "bad\\377" "bad\\376"; do echo x > "$(printf "$n")"; done',
      ].join('; ');
      const { code, stdout, stderr } = await run(cwd, job(script), ['--output', 'r']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect((await readdir(join(cwd, 'r', 'o'))).sort()).toEqual(
        ['bad\ufffd', 'bad\ufffd~2', 'esc\u001b[2J', 'new\nline', 'setuid', 'shut', 'twin'].sort(),
      );
      expect((await lstat(join(cwd, 'r', 'o', 'setuid'))).mode & 0o7777).toBe(0o755);
      expect((await lstat(join(cwd, 'r', 'o', 'shut'))).mode & 0o7777).toBe(0o600);
      expect(stdout).not.toContain('\u001b');
      expect(stdout).toContain('o/new\\x0aline');
    });

    test('that are a hundred thousand files, and as many that are lost', async () => {
      const cwd = await empty();
      const script =
        'mkdir /lost; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); : > /o/$i; : > /lost/$i; done; echo 1 > /o/last';
      const { code, stdout } = await run(cwd, job(script, '--cpu 2'), ['--output', 'r']);
      expect(code).toBe(0);
      expect(await readdir(join(cwd, 'r', 'o'))).toHaveLength(100_001);
      expect(stdout).toContain('/lost/');
      expect(await leftovers(engine)).toEqual([]);
    }, 180_000);

    test('a sparse file of a terabyte meets the limit of the dry run, which is no fault of the job', async () => {
      const cwd = await empty();
      const { code, stdout } = await run(cwd, job('truncate -s 1024G /o/huge'), ['--output', 'r', '--format', 'json']);
      expect(stdout).toContain('"run/stopped"');
      expect(stdout).not.toContain('"run/exit-code"');
      expect(code).toBe(0);
      expect(await readdir(cwd)).toEqual([]);
    });
  });

  test('a gigabyte of output needs no memory', async () => {
    const cwd = await empty();
    await writeFile(
      join(cwd, 'peak.cjs'),
      `process.on('exit', () => require('node:fs').writeFileSync('peak', String(process.resourceUsage().maxRSS)));`,
    );
    const peak = async (bytes: number): Promise<number> => {
      const { code } = await run(cwd, job(`echo 1 > /o/a; head -c ${String(bytes)} /dev/zero`, '--cpu 2'), [], {
        NODE_OPTIONS: `--require ${join(cwd, 'peak.cjs')}`,
      });
      expect(code).toBe(0);
      return Number(await readFile(join(cwd, 'peak'), 'utf8'));
    };
    const kilobytes = (await peak(900_000_000)) - (await peak(1));
    expect(kilobytes).toBeLessThan(100_000);
  }, 180_000);

  describe('--output', () => {
    const hello = job('echo 1 > /o/a');
    const filled = ['exitCode', 'o', 'stderr', 'stdout'];

    test('that is there and empty is filled, and stays the same folder', async () => {
      const cwd = await empty();
      const { ino } = await stat(cwd);
      expect((await run(cwd, hello, ['--output', '.'])).code).toBe(0);
      expect((await readdir(cwd)).sort()).toEqual(filled);
      expect((await stat(cwd)).ino).toBe(ino);
    });

    test('that is a link to an empty folder fills that', async () => {
      const cwd = await empty();
      await mkdir(join(cwd, 'real'));
      await symlink('real', join(cwd, 'link'));
      expect((await run(cwd, hello, ['--output', 'link'])).code).toBe(0);
      expect((await readdir(join(cwd, 'real'))).sort()).toEqual(filled);
      expect((await lstat(join(cwd, 'link'))).isSymbolicLink()).toBe(true);
    });

    test('that is a mount of its own is filled; one that is full, or read-only, is told', async () => {
      const cwd = await empty();
      const disk = join(cwd, 'disk');
      await mkdir(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
      try {
        const full = await run(cwd, job('head -c 4000000 /dev/zero > /o/big'), ['--output', 'disk']);
        expect(full.stdout.replace(/\s+/g, ' ')).toContain('cannot write the result big: no space left on device');
        expect(full.code).toBe(2);
        expect(await readdir(disk)).toEqual([]);
        const shouts = await run(cwd, job('head -c 4000000 /dev/zero'), ['--output', 'disk']);
        expect(shouts.stdout.replace(/\s+/g, ' ')).toContain('cannot write stdout: no space left on device');
        expect(shouts.code).toBe(2);
        expect(await readdir(disk)).toEqual([]);
        expect((await run(cwd, hello, ['--output', 'disk'])).code).toBe(0);
        expect((await readdir(disk)).sort()).toEqual(filled);
        execFileSync('mount', ['-o', 'remount,ro', disk]);
        const shut = await run(cwd, hello, ['--output', 'disk/new']);
        expect(shut.stderr).toContain('cannot write results to disk/new: read-only file system');
        expect(shut.code).toBe(2);
        expect(await leftovers(engine)).toEqual([]);
      } finally {
        execFileSync('umount', [disk]);
      }
    });

    test('on a disk that takes no more files is told, and is no fault of the engine', async () => {
      const cwd = await empty();
      const disk = join(cwd, 'disk');
      await mkdir(disk);
      // The folder itself, the one that is filled, and stdout.
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'nr_inodes=3', 'tmpfs', disk]);
      try {
        const { stdout, code } = await run(cwd, hello, ['--output', 'disk']);
        expect(stdout.replace(/\s+/g, ' ')).toContain('cannot write the result stderr: no space left on device');
        expect(code).toBe(2);
        expect(await readdir(disk)).toEqual([]);
        expect(await leftovers(engine)).toEqual([]);
      } finally {
        execFileSync('umount', [disk]);
      }
    });

    test.each([
      ['a file', 'file', 'cannot write results to file: not a directory'],
      ['a link to nothing', 'dangling', 'cannot write results to dangling: it is a link to something that is gone'],
      ['below a file', 'file/r', 'cannot write results to file/r: not a directory'],
    ])('that is %s is told before anything runs', async (_title, output, words) => {
      const cwd = await empty();
      await writeFile(join(cwd, 'file'), '');
      await symlink('nowhere', join(cwd, 'dangling'));
      const { code, stderr, stdout } = await run(cwd, hello, ['--output', output]);
      expect(stderr).toContain(words);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    });

    test('of a run that publishes nothing leaves not even the folders above it', async () => {
      const cwd = await empty();
      await run(cwd, 'bacalhau docker run --network none tools:1 -- nothing-like-it', ['--output', 'a/b/c']);
      expect(await readdir(cwd)).toEqual([]);
    });
  });

  describe('stopped', () => {
    const start = (cwd: string, line: string, args: readonly string[], host = engine.host): StartedCli =>
      startCli(['dry-run', '--command', line, ...args], { cwd, env: { DOCKER_HOST: host } });
    const staging = async (): Promise<{ cwd: string; cli: StartedCli }> => {
      const cwd = await empty();
      await writeFile(join(cwd, 'big'), '');
      await truncate(join(cwd, 'big'), 20e9);
      const line = job('echo ready', '-i s3://b/k/:/in');
      const cli = start(cwd, line, ['--input', '/in=big', '--output', 'r']);
      await cli.printed('inputs ');
      return { cwd, cli };
    };
    const collecting = async (): Promise<{ cwd: string; cli: StartedCli }> => {
      const cwd = await empty();
      // 8 GB of zeros take a while to read; the row tells that the program has begun, and it ends at once.
      const cli = start(cwd, job('truncate -s 8G /o/zeros; echo ready'), ['--max-output', '9GB']);
      await cli.printed('│ ready');
      return { cwd, cli };
    };

    test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s while inputs are brought in', async (signal) => {
      const { cwd, cli } = await staging();
      cli.kill(signal);
      expect(await cli.ended).toEqual({ code: null, signal });
      expect(await leftovers(engine)).toEqual([]);
      expect(await readdir(cwd)).toEqual(['big']);
    });

    test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s while results are collected', async (signal) => {
      const { cwd, cli } = await collecting();
      cli.kill(signal);
      expect(await cli.ended).toEqual({ code: null, signal });
      expect(await leftovers(engine)).toEqual([]);
      expect(await readdir(cwd)).toEqual([]);
    });

    test.each([
      ['inputs are brought in', staging],
      ['results are collected', collecting],
    ])('by SIGKILL while %s is swept by the next run', async (_title, begin) => {
      const { cli } = await begin();
      cli.kill('SIGKILL');
      await cli.ended;
      expect(await leftovers(engine)).not.toEqual([]);
      expect((await run(await empty(), job('echo 1 > /o/a'))).code).toBe(0);
      expect(await leftovers(engine)).toEqual([]);
    });

    describe('by its engine', () => {
      let server: Server | undefined;
      const sockets = new Set<Socket>();
      let isDeaf = false;
      /** The engine behind a connection that can be cut, or go silent. */
      const proxied = async (): Promise<string> => {
        server = await listen(
          createServer((client) => {
            const onward = connect(engine.socketPath);
            for (const socket of [client, onward]) {
              sockets.add(socket);
              socket.on('error', () => undefined).on('close', () => [client, onward].forEach((each) => each.destroy()));
            }
            if (!isDeaf) client.pipe(onward).pipe(client);
          }),
        );
        return `tcp://127.0.0.1:${String(portOf(server))}`;
      };
      afterAll(() => void server?.close());

      test('that goes away in the middle', async () => {
        const host = await proxied();
        const cwd = await empty();
        const cli = start(cwd, job('echo ready; sleep 1000'), ['--output', 'r'], host);
        await cli.printed('│ ready');
        server?.close();
        for (const socket of sockets) socket.destroy();
        await cli.printed('note     the engine did not answer');
        expect(await cli.ended).toEqual({ code: 2, signal: null });
        expect(await readdir(cwd)).toEqual([]);
        expect(await leftovers(engine)).not.toEqual([]);
        await run(cwd, job('true'));
        expect(await leftovers(engine)).toEqual([]);
      });

      test('that answers no more: the second Ctrl-C ends it, and the next run removes what is left', async () => {
        const host = await proxied();
        const cwd = await empty();
        const cli = start(cwd, job('echo ready; sleep 1000'), ['--output', 'r'], host);
        await cli.printed('│ ready');
        isDeaf = true;
        for (const socket of sockets) socket.unpipe().pause();
        const again = setInterval(() => cli.kill('SIGINT'), 200);
        expect(await cli.ended).toEqual({ code: null, signal: 'SIGINT' });
        clearInterval(again);
        for (const socket of sockets) socket.destroy();
        expect(await readdir(cwd)).toEqual([]);
        expect(await leftovers(engine)).not.toEqual([]);
        await run(cwd, job('true'));
        expect(await leftovers(engine)).toEqual([]);
      });
    });
  });

  test('an engine whose disk is full', async () => {
    const disk = join(folder, 'data-root');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120m', 'tmpfs', disk]);
    try {
      const small = await startEngine({ dataRoot: disk });
      try {
        await buildImages(small);
        const cwd = await empty();
        const env = { DOCKER_HOST: small.host };
        await writeFile(join(cwd, 'big'), '');
        await truncate(join(cwd, 'big'), 200e6);
        const input = await run(cwd, job('cat /in/big', '-i s3://b/k/:/in'), ['--input', '/in=big'], env);
        expect(input.stdout.replace(/\s+/g, ' ')).toContain('no space left on device');
        expect(input.code).toBe(2);
        expect(await leftovers(small)).toEqual([]);
        const hog = await run(cwd, job('dd if=/dev/zero of=/o/big bs=1000000'), ['--output', 'r'], env);
        expect(hog.stdout).toContain('No space left on device');
        expect(hog.code).toBe(1);
        expect(await leftovers(small)).toEqual([]);
      } finally {
        await small.stop();
      }
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  }, 120_000);
});
