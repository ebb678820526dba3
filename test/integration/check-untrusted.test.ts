import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, type CliResult } from '../kit/cli.js';
import { listen, portOf } from '../kit/listen.js';

jest.setTimeout(60_000);

/** What a stranger can write: every place of a spec that names a host. */
function hostileJob(image: string, host: string): string {
  return `Name: hostile
Type: batch
Count: 1
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: '${image}', Parameters: [cat, /inputs/a] }
    InputSources:
      - { Target: /inputs/a, Source: { Type: urlDownload, Params: { URL: 'http://${host}/a' } } }
      - { Target: /inputs/b, Source: { Type: s3, Params: { Bucket: data, Key: b, Endpoint: 'http://${host}', Region: us-east-1 } } }
      - { Target: /inputs/c, Source: { Type: ipfs, Params: { CID: bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy } } }
    Publisher: { Type: s3, Params: { Bucket: out, Key: k, Endpoint: 'http://${host}', Region: us-east-1 } }
    ResultPaths: [{ Name: outputs, Path: /outputs }]
`;
}

describe('--ci-untrusted', () => {
  let server: Server;
  let folder: string;
  let host: string;
  let connections = 0;
  const open = new Set<Socket>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'preflight-untrusted-'));
    const counting = createServer((socket) => {
      connections++;
      open.add(socket);
      socket.on('error', () => undefined);
      socket.destroy();
    });
    server = await listen(counting);
    host = `127.0.0.1:${portOf(server)}`;
    mkdirSync(join(folder, '.git')); // a configuration file is looked for up to the top of the repository
    const found = [
      'allowed: { registries: [evil.example, 127.0.0.1, HOST] }',
      'allowHosts: [127.0.0.1, localhost]',
      'insecureRegistries: [HOST]',
      'plugins: [./plugin.cjs]',
      'network: { privateRegistries: [HOST] }',
      '',
    ];
    writeFileSync(join(folder, '.bacalhau-preflight.yaml'), found.join('\n').replaceAll('HOST', host));
    writeFileSync(join(folder, 'plugin.cjs'), `require('node:net').connect(${portOf(server)}, '127.0.0.1');`);
  });
  afterAll(() => {
    for (const socket of open) socket.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Output in one line, and the connections that a run opened, directly or through what it took for the proxy. */
  async function run(
    image: string,
    flags: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<CliResult & { readonly connections: number }> {
    writeFileSync(join(folder, 'job.yaml'), hostileJob(image, host));
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${image}\nADD http://${host}/a /a\n`);
    const before = connections;
    const result = await runCli(['check', 'job.yaml', 'Dockerfile', '--deep', ...flags], { cwd: folder, env });
    return { ...result, stdout: result.stdout.replace(/\s+/g, ' '), connections: connections - before };
  }
  const throughProxy = (): Record<string, string> => ({ HTTP_PROXY: `http://${host}`, HTTPS_PROXY: `http://${host}` });
  const port = (): number => portOf(server);

  test('without the flag the same texts do open connections', async () => {
    const { connections: opened } = await run(`${host}/acme/x:1`, []);
    expect(opened).toBeGreaterThan(0);
  });

  test.each<[string, () => string]>([
    ['an address', () => `${host}/acme/x:1`],
    ['localhost', () => `localhost:${port()}/acme/x:1`],
    ['an IPv6 address', () => `[::1]:${port()}/acme/x:1`],
    ['a public registry with a port', () => `ghcr.io:${port()}/acme/x:1`],
    ['a name below a public registry', () => `ghcr.io.evil.example/acme/x:1`],
    ['a host that the found configuration allows', () => 'evil.example/acme/x:1'],
  ])('an image at %s: nothing is asked, and that is said', async (_, image) => {
    for (const env of [{}, throughProxy()]) {
      const result = await run(image(), ['--ci-untrusted'], env);
      expect(result.connections).toBe(0);
      expect(result.stdout).toContain('is not asked: with --ci-untrusted');
      expect(result.stdout).toContain('with --ci-untrusted no inputs are looked at');
      expect(result.stderr).toContain('plugins is ignored');
    }
  });

  test('an address that is no reference is not asked', async () => {
    const result = await run(`[::ffff:127.0.0.1]:${port()}/acme/x:1`, ['--ci-untrusted']);
    expect(result.connections).toBe(0);
    expect(result.stdout).toContain('not an image reference');
  });

  test('neither is an image that the command line names', async () => {
    const result = await run('ghcr.io/acme/x:1', ['--ci-untrusted', '--image', `${host}/acme/x:1`]);
    expect(result.connections).toBe(0);
  });

  test('a public registry is asked', async () => {
    expect((await run('ghcr.io/acme/x:1', ['--ci-untrusted'], throughProxy())).connections).toBeGreaterThan(0);
  });

  test('so is one that a named configuration file allows, but its private hosts and plugins do not count', async () => {
    const named = ['--ci-untrusted', '--config', '.bacalhau-preflight.yaml'];
    const proxied = await run('evil.example/acme/x:1', named, throughProxy());
    expect(proxied.connections).toBeGreaterThan(0);
    const direct = await run(`${host}/acme/x:1`, named);
    expect(direct.connections).toBe(0);
    expect(direct.stderr).toContain('.bacalhau-preflight.yaml: plugins are not loaded: --ci-untrusted');
  });

  test.each(['--credentials', '--probe', '--allow-host=127.0.0.1', '--insecure-registry=127.0.0.1'])(
    'it cannot be had with %s',
    async (flag) => {
      const { code, stderr } = await run('ghcr.io/acme/x:1', ['--ci-untrusted', flag]);
      expect(code).toBe(2);
      expect(stderr).toContain('--ci-untrusted');
    },
  );
});
