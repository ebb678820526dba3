import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCENARIOS } from '../dryrun/scenarios.js';
import { selfSigned, type SelfSigned } from '../kit/certificate.js';
import { runCli, startCli, type StartedCli } from '../kit/cli.js';
import { buildImages, leftovers, runScenario, textTree, type DryRunOutcome } from '../kit/dry-run.js';
import { startEngine, type TestEngine } from '../kit/engine.js';
import { describeWith } from '../kit/service.js';
import { file as webFile, redirectTo, startWebServer, type WebServer } from '../kit/web-server.js';

/** Two addresses of this machine that another test run is unlikely to have: the ports that are let through are the same. */
const NET = `127.${String(100 + (process.pid % 100))}.${String(Math.floor(process.pid / 100) % 250)}`;
const NEAR = `${NET}.2`;
const FAR = `${NET}.3`;
/** A gigabyte of output takes its time where many share a machine; the limit of a test that hangs. */
const LONGEST = 180_000;
/** Runs side by side: most of a run is waiting for the engine. */
const AT_ONCE = 4;

describeWith(['dockerd', 'ip', 'busybox', 'root'], 'dry-run', () => {
  let engine: TestEngine | undefined;
  const outcomes = new Map<string, Promise<DryRunOutcome>>();
  beforeAll(async () => {
    engine = await startEngine({ network: true });
    const started = engine;
    await buildImages(started);
    // All are started here, a few at a time; each test waits for its own.
    const queue = SCENARIOS.map((scenario) => {
      let begin = (): void => undefined;
      const turn = new Promise<void>((resolve) => (begin = resolve));
      const outcome = turn.then(() => runScenario(started, scenario));
      outcomes.set(scenario.title, outcome);
      return { begin, outcome };
    });
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        next.begin();
        await next.outcome.catch(() => undefined);
      }
    };
    void Promise.all(Array.from({ length: AT_ONCE }, work));
  }, 60_000);
  afterAll(() => engine?.stop(), 60_000);

  test.each(SCENARIOS.map((scenario) => [scenario.title, scenario] as const))(
    '%s',
    async (title, scenario) => {
      const outcome = await outcomes.get(title);
      if (outcome === undefined) throw new Error('it was not run');
      const { findings, code, ended } = outcome;
      expect({ findings, code, tree: outcome.tree, text: outcome.text }).toEqual({
        findings: scenario.findings,
        code: scenario.code,
        tree: scenario.tree === undefined ? undefined : textTree(scenario.tree),
        text: expect.stringContaining(''),
      });
      if (scenario.ended !== undefined) expect(ended).toBe(scenario.ended);
      for (const text of scenario.says ?? []) expect(outcome.text).toContain(text);
    },
    LONGEST,
  );

  describe('network mode HTTP', () => {
    let servers: TestServer[] = [];
    let secure: TestServer[] = [];
    beforeAll(async () => {
      // The domains of a job may be addresses; the gateway lets through nothing but ports 80 and 443.
      servers = await Promise.all([NEAR, FAR].map((address) => serve(address)));
      secure = await Promise.all([NEAR, FAR].map((address) => serve(address, 443, selfSigned(address))));
    });
    afterAll(() => [...servers, ...secure].forEach(({ close }) => close()));
    const allowed = ['--allow-host', NEAR, '--allow-host', FAR];

    test('reaches the domains of the job through the proxy, and nothing else', async () => {
      if (engine === undefined) throw new Error('the engine did not start');
      const outcome = await runScenario(engine, {
        title: '',
        line: `--network http --domain ${NEAR} tools:1 -- sh -c 'echo $http_proxy | tr 0-9 x; wget -q -O- http://${NEAR}/a; wget -q -O- http://${FAR}/b; env -i PATH=/bin wget -q -T 1 -O- http://${NEAR}/c'`,
        args: ['--allow-host', NEAR, '--allow-host', FAR],
        code: 1,
        findings: [],
      });
      expect(outcome.findings).toEqual(['error run/network', 'error run/exit-code']);
      expect(outcome.text).toContain(`asked the proxy for ${FAR},`);
      expect(outcome.tree?.stdout).toMatch(/^x+(?:\.x+){3}:x+\nanswer to \/a\n$/);
      expect(outcome.tree?.stderr).toContain('403 Forbidden');
      expect(servers[0]?.seen).toEqual([expect.stringMatching(/^GET \/a j-[0-9a-f-]{36}$/)]);
      expect(servers[1]?.seen).toEqual([]);
    });

    test('reaches them over TLS too, in a tunnel, and nothing else', async () => {
      const line = `--network http --domain ${NEAR} tools:1 -- sh -c '/https.sh ${NEAR}; /https.sh ${FAR}'`;
      const outcome = await runScenario(started(engine), { title: '', line, args: allowed, code: 1, findings: [] });
      const said = outcome.tree?.stderr?.split(/\r?\n/) ?? [];
      expect(said[0]).toBe('HTTP/1.1 200 Connection established');
      expect(said).toContain('answer to /tls');
      expect(said).toContain('HTTP/1.1 403 Forbidden');
      expect(outcome.text).toContain(`asked the proxy for ${FAR}:443`);
      expect(secure.map(({ seen }) => seen.length)).toEqual([1, 0]);
    });

    test('a redirect leads to no other host', async () => {
      const line = `--network http --domain ${NEAR} tools:1 -- wget -q -O- http://${NEAR}/to/${FAR}`;
      const outcome = await runScenario(started(engine), { title: '', line, args: allowed, code: 1, findings: [] });
      expect(outcome.findings).toEqual(['error run/network', 'error run/exit-code']);
      expect(outcome.text).toContain(`asked the proxy for ${FAR},`);
      expect(servers[1]?.seen).toEqual([]);
    });

    test('a server whose status is none does not end the run', async () => {
      const line = `--network http --domain ${NEAR} tools:1 -- sh -c 'wget -q -O- http://${NEAR}/odd; wget -q -O- http://${NEAR}/after'`;
      const outcome = await runScenario(started(engine), { title: '', line, args: allowed, code: 0, findings: [] });
      expect(outcome.tree?.stderr).toContain('502');
      expect(outcome.tree?.stdout).toBe('answer to /after\n');
      expect(outcome.code).toBe(0);
    });

    test('the metadata service of a cloud is not asked, whoever allows it', async () => {
      const address = '169.254.169.254';
      const line = `--network http --domain ${address} tools:1 -- wget -q -O- http://${address}/latest/`;
      const args = ['--allow-host', address];
      const outcome = await runScenario(started(engine), { title: '', line, args, code: 1, findings: [] });
      expect(outcome.tree?.stderr).toContain('503');
      expect(outcome.text).toContain(`${address} is at ${address}, a cloud metadata address`);
    });

    test('a private address needs --allow-host', async () => {
      if (engine === undefined) throw new Error('the engine did not start');
      const outcome = await runScenario(engine, {
        title: '',
        line: `--network http --domain ${NEAR} tools:1 -- wget -q -O- http://${NEAR}/private`,
        code: 1,
        findings: [],
      });
      expect(outcome.tree?.stderr).toContain('503');
      expect(outcome.text).toContain(`${NEAR} is at ${NEAR}, which is this machine; --allow-host ${NEAR}`);
    });

    test('two runs at the same time do not disturb each other', async () => {
      const run = (word: string): Promise<DryRunOutcome> =>
        runScenario(started(engine), {
          title: '',
          line: `--network http --domain ${NEAR} -p local -o o:/o -i s3://b/k/:/in tools:1 -- sh -c 'cat /in/a > /o/a; for i in 1 2 3; do wget -q -O- http://${NEAR}/${word}; sleep 1; done'`,
          args: ['--input', '/in=sample', ...allowed],
          files: { 'sample/a': word },
          code: 0,
          findings: [],
        });
      const outcomes = await Promise.all(['one', 'two'].map(run));
      for (const [index, word] of ['one', 'two'].entries()) {
        const { code, tree } = outcomes[index] ?? {};
        const stdout = `answer to /${word}\n`.repeat(3);
        expect({ code, tree }).toEqual({ code: 0, tree: { stdout, stderr: '', exitCode: '0', 'o/a': word } });
      }
    });
  });

  test('bridge and host reach this machine, each in its way', async () => {
    const server = await serve('0.0.0.0', 0);
    try {
      const fetch = (network: string, host: string): ReturnType<typeof runScenario> =>
        runScenario(started(engine), {
          title: '',
          line: `--network ${network} tools:1 -- wget -q -O- http://${host}:${String(server.port)}/from-${network}`,
          code: 0,
          findings: [],
        });
      expect((await fetch('host', '127.0.0.1')).tree?.stdout).toBe('answer to /from-host\n');
      expect((await fetch('bridge', started(engine).bridge ?? '')).tree?.stdout).toBe('answer to /from-bridge\n');
    } finally {
      server.close();
    }
  });

  describe('inputs that are fetched', () => {
    let server: WebServer | undefined;
    beforeAll(async () => {
      server = await startWebServer({
        '/latest.csv': redirectTo('/files/2024.csv'),
        '/files/2024.csv': webFile('hello\n'),
        '/drips.csv': ({ method }, response) => {
          response.writeHead(200, { 'content-length': '100000' });
          if (method === 'HEAD') return void response.end();
          const timer = setInterval(() => response.write('x'), 20);
          response.on('close', () => clearInterval(timer));
        },
        '/short.csv': ({ method }, response) => {
          response.writeHead(200, { 'content-length': '10' });
          response.write('abc', () => (method === 'HEAD' ? response.end() : response.destroy()));
        },
      });
    });
    afterAll(() => server?.stop());
    const jobOf = (path: string): string => `
Name: test
Type: batch
Count: 1
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: tools:1, Parameters: [sh, -c, 'cd /inputs; for f in *; do echo $f; cat $f; stat -c %a:%u $f; done'] } }
    Network: { Type: None }
    Resources: { CPU: '1', Memory: 512MB }
    InputSources: [{ Target: /inputs, Source: { Type: urlDownload, Params: { URL: '${server?.url(path) ?? ''}' } } }]
`;
    const fetching = (path: string, args: readonly string[] = [], env = {}): Promise<DryRunOutcome> =>
      runScenario(started(engine), {
        title: '',
        job: jobOf(path),
        args: ['--allow-host', '127.0.0.1', ...args],
        env,
        code: 0,
        findings: [],
      });

    test('a URL is a file in a folder, with the name that a node gives it', async () => {
      const outcome = await fetching('/latest.csv');
      expect(outcome.tree?.stdout).toBe('2024.csv\nhello\n644:0\n');
      expect(outcome.text).toContain('/latest.csv → /inputs  (1 file, 6 B)');
      expect(outcome.findings).toEqual(['info input/url-renamed']);
      expect(outcome.code).toBe(0);
    });

    test.each([
      [
        'what is not there',
        '/gone.csv',
        [],
        {},
        'answered 404 (not found). Put a sample in its place: --input /inputs=PATH',
      ],
      ['a body that is too short', '/short.csv', [], {}, 'broke off in the middle of its answer. Put a sample'],
      [
        'a body that never ends',
        '/drips.csv',
        ['--max-fetch-time', '1'],
        {},
        'it was not here after the 1 s that --max-fetch-time allows. Put a sample',
      ],
      ['too much', '/latest.csv', ['--max-input-size', '5'], {}, 'it has 6 B, and --max-input-size allows 5 B'],
      ['in CI', '/latest.csv', ['--yes'], { CI: 'true' }, 'CI is set, and --probe lets inputs be fetched there'],
    ])('%s is told in one sentence', async (_title, path, args, env, reason) => {
      const outcome = await fetching(path, args, env);
      expect(outcome.text).toContain(reason);
      expect(outcome.tree).toBeUndefined();
      expect(outcome.code).toBe(2);
    });

    test('Ctrl-C in the middle of a download leaves nothing', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'dry-run-download-'));
      await writeFile(join(folder, 'job.yaml'), jobOf('/drips.csv'));
      const cli = startCli(['dry-run', 'job.yaml', '--allow-host', '127.0.0.1', '--output', 'results'], {
        cwd: folder,
        env: { DOCKER_HOST: started(engine).host },
      });
      await cli.printed('/drips.csv → /in');
      expect((await leftovers(started(engine))).length).toBeGreaterThan(1);
      cli.kill('SIGINT');
      expect(await cli.ended).toEqual({ code: null, signal: 'SIGINT' });
      expect(await leftovers(started(engine))).toEqual([]);
      expect(await readdir(folder)).toEqual(['job.yaml']);
    });

    test('in CI with --probe', async () => {
      const outcome = await fetching('/latest.csv', ['--yes', '--probe'], { CI: 'true' });
      expect(outcome.tree?.stdout).toBe('2024.csv\nhello\n644:0\n');
    });
  });

  test('ports are published on this machine only, with their variables', async () => {
    const outcome = await runScenario(started(engine), {
      title: '',
      job: `
Name: test
Type: batch
Count: 1
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: tools:1, Parameters: [sh, -c, 'echo $BACALHAU_HOST_PORT_web $BACALHAU_PORT_web'] } }
    Network: { Type: Bridge, Ports: [{ Name: web, Static: 23456, Target: 8080 }] }
`,
      code: 0,
      findings: [],
    });
    expect(outcome.tree?.stdout).toBe('23456 8080\n');
  });

  describe('a run that is stopped', () => {
    const begin = async (program = '/deaf.sh'): Promise<{ cli: StartedCli; folder: string }> => {
      const folder = await mkdtemp(join(tmpdir(), 'dry-run-stop-'));
      const line = `--network http --domain 127.0.0.2 --publisher local -o o:/o -i s3://b/k/:/inputs tools:1 -- ${program}`;
      await writeFile(join(folder, 'a'), 'A');
      const words = ['--input', '/inputs=a', '--output', 'results'];
      const cli = startCli(['dry-run', '--command', `bacalhau docker run ${line}`, ...words], {
        cwd: folder,
        env: { DOCKER_HOST: started(engine).host },
      });
      await cli.printed('│ ready');
      return { cli, folder };
    };

    test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s leaves nothing', async (signal) => {
      const { cli, folder } = await begin();
      expect((await leftovers(started(engine))).length).toBeGreaterThan(3);
      cli.kill(signal);
      expect(await cli.ended).toEqual({ code: null, signal });
      expect(await leftovers(started(engine))).toEqual([]);
      expect(await readdir(folder)).toEqual(['a']);
    });

    test('by SIGKILL is swept by the next run, and its folder too', async () => {
      const { cli, folder } = await begin();
      cli.kill('SIGKILL');
      await cli.ended;
      const left = await leftovers(started(engine));
      expect(left.map((each) => each.split(' ')[0])).toEqual(['container', 'container', 'network', 'volume', 'volume']);
      expect(await readdir(folder)).toHaveLength(2);
      const next = await runCli(['dry-run', '--image', 'default:1', '--output', 'results'], {
        cwd: folder,
        env: { DOCKER_HOST: started(engine).host },
      });
      expect(next.code).toBe(0);
      expect(await leftovers(started(engine))).toEqual([]);
      expect((await readdir(folder)).sort()).toEqual(['a', 'results']);
    });

    test('sweeps nothing of a run that goes on', async () => {
      const { cli } = await begin();
      const before = await leftovers(started(engine));
      const next = await runCli(['dry-run', '--image', 'default:1'], { env: { DOCKER_HOST: started(engine).host } });
      expect(next.code).toBe(0);
      expect(await leftovers(started(engine))).toEqual(before);
      cli.kill('SIGINT');
      await cli.ended;
    });

    test('by a reader that goes away leaves nothing', async () => {
      const { cli } = await begin(`sh -c 'while true; do echo ready; sleep 0.2; done'`);
      cli.closeOutput();
      await cli.ended;
      expect(await leftovers(started(engine))).toEqual([]);
    });
  });

  test('--keep leaves the container and its volumes, which no later run sweeps', async () => {
    const env = { DOCKER_HOST: started(engine).host };
    const kept = await runCli(['dry-run', '--image', 'default:1', '--keep'], { env });
    expect(kept.stdout).toContain('remove it and its volumes with');
    await runCli(['dry-run', '--image', 'default:1'], { env });
    const left = await leftovers(started(engine));
    expect(left.length).toBeGreaterThan(0);
    for (const { Id } of await started(engine).docker.listContainers({ all: true })) {
      await started(engine).docker.getContainer(Id).remove({ force: true });
    }
    for (const { Name } of (await started(engine).docker.listVolumes()).Volumes) {
      await started(engine).docker.getVolume(Name).remove();
    }
  });

  test('--output that is not empty, or on a full disk, leaves no half results', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dry-run-full-'));
    const env = { DOCKER_HOST: started(engine).host };
    await mkdir(join(folder, 'used'));
    await writeFile(join(folder, 'used', 'mine'), '');
    const args = ['dry-run', '--image', 'tools:1', '--output', 'used', '--', 'echo', 'hi'];
    const used = await runCli(args, { cwd: folder, env });
    expect(used.stderr).toContain('used is not empty');
    expect(used.code).toBe(2);
    const disk = join(folder, 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      const write = ['--', 'dd', 'if=/dev/zero', 'of=/outputs/big', 'bs=65536', 'count=64'];
      const full = await runCli(['dry-run', '--image', 'tools:1', '--output', 'disk/r', ...write], {
        cwd: folder,
        env,
      });
      expect(full.stdout.replace(/\s+/g, ' ')).toContain('cannot write the result big: no space left on device');
      expect(full.code).toBe(2);
      expect(await readdir(disk)).toEqual([]);
      expect(await leftovers(started(engine))).toEqual([]);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('--print gives a line that Docker runs with the same results', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dry-run-print-'));
    const env = { DOCKER_HOST: started(engine).host };
    await mkdir(join(folder, 'sample'));
    await writeFile(join(folder, 'sample', "it's"), 'A\n');
    const line = `bacalhau docker run --network none -p local -o o:/o -i s3://b/k/:/in tools:1 -- sh -c 'cat /in/*; stat -c %a:%u /o > /o/mode; exit 4'`;
    const printed = await runCli(['dry-run', '--command', line, '--input', '/in=sample', '--print'], { cwd: folder });
    expect(printed.code).toBe(0);
    const ran = spawnSync('sh', ['-c', printed.stdout], { cwd: folder, env: { ...env, PATH: process.env.PATH } });
    expect(`${ran.stdout.toString()}${ran.stderr.toString()}`).toBe('A\n');
    expect(ran.status).toBe(4);
    expect(await readFile(join(folder, 'results', 'o', 'mode'), 'utf8')).toBe('755:0\n');
  });

  test('without an engine it says so', async () => {
    const { code, stdout } = await runCli(['dry-run', '--image', 'tools:1']);
    expect(stdout).toMatch(/no Docker\s+engine at unix:\/\/\/no-engine\/docker\.sock/);
    expect(code).toBe(2);
  });

  test('nothing is left in the engine', async () => {
    if (engine === undefined) throw new Error('the engine did not start');
    await Promise.all(outcomes.values());
    expect(await leftovers(engine)).toEqual([]);
  });
});

function started(engine: TestEngine | undefined): TestEngine {
  if (engine === undefined) throw new Error('the engine did not start');
  return engine;
}

interface TestServer {
  readonly port: number;
  /** `METHOD PATH JOB-ID` of each request. */
  readonly seen: string[];
  readonly close: () => void;
}

/** Its client says of no signature that it knows it, and then OpenSSL would want to make one with SHA-1. */
const BUSYBOX = 'AES128-GCM-SHA256:@SECLEVEL=0';

/** Answers to `/to/HOST` with a redirect to that host, and to `/odd` with a status that is none. */
async function serve(address: string, port = 80, tls?: SelfSigned): Promise<TestServer> {
  const seen: string[] = [];
  const listener: RequestListener = (request, response) => {
    const path = String(request.url);
    seen.push(`${String(request.method)} ${path} ${String(request.headers['x-bacalhau-job-id'])}`);
    if (path === '/odd') return void request.socket.end('HTTP/1.1 042 Odd\r\n\r\n');
    const to = /^\/to\/(.*)$/.exec(path)?.[1];
    if (to !== undefined) response.writeHead(302, { location: `http://${to}/` });
    response.end(`answer to ${path}\n`);
  };
  const server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ cert: tls.certificatePem, key: tls.privateKeyPem, ciphers: BUSYBOX }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  const bound = server.address();
  return { port: typeof bound === 'object' && bound !== null ? bound.port : 0, seen, close: () => server.close() };
}
