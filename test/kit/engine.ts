import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { tarOf } from './images.js';
import { listen, portOf } from './listen.js';
import { ended } from './registry.js';

/** A Docker engine of its own: nothing of the machine's engine is seen or touched. */
export interface TestEngine {
  /** For DOCKER_HOST. */
  readonly host: string;
  readonly socketPath: string;
  readonly docker: Docker;
  /** Address of this machine on the bridge, with `network`. */
  readonly bridge?: string;
  /** Where it listens, with `tcp`. */
  readonly port?: number;
  /** Its process. */
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export interface EngineOptions {
  /**
   * Gives containers a bridge network of this engine's own, with no way out of the machine. Needs `ip` and the right to
   * change the machine's network. Default false.
   */
  readonly network?: boolean;
  /** Lets it listen on a port of this machine too: without TLS, or with files for it and clients that show a certificate. */
  readonly tcp?: 'plain' | { readonly ca: string; readonly cert: string; readonly key: string };
  /** Keeps its networks out of this machine's, as where it runs on another one. */
  readonly elsewhere?: boolean;
  /** The folder for its data, in place of a temporary one. */
  readonly dataRoot?: string;
}

const STORAGE_DRIVERS = ['overlay2', 'vfs'];

/** Starts dockerd with its data below a temporary folder. Needs root. */
export async function startEngine(options: EngineOptions = {}): Promise<TestEngine> {
  let failure: unknown;
  for (const driver of STORAGE_DRIVERS) {
    try {
      return await startWith(driver, options);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function startWith(driver: string, options: EngineOptions): Promise<TestEngine> {
  // Short, since the path of a socket may have a hundred bytes at most.
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const socketPath = join(folder, 'docker.sock');
  const host = `unix://${socketPath}`;
  const folders = ['--data-root', options.dataRoot ?? join(folder, 'data'), '--exec-root', join(folder, 'exec')];
  const port = options.tcp === undefined ? undefined : await freePort();
  const bridge = options.network === true ? makeBridge() : undefined;
  const network =
    bridge === undefined
      ? ['--bridge=none']
      : [`--bridge=${bridge.name}`, `--default-address-pool=base=${bridge.pool},size=28`];
  const args = [
    ...folders,
    ...network,
    '--iptables=false',
    '--ip6tables=false',
    '-H',
    host,
    '-p',
    join(folder, 'pid'),
    '--storage-driver',
    driver,
    ...(port === undefined ? [] : ['-H', `tcp://127.0.0.1:${String(port)}`]),
    ...tlsArguments(options.tcp),
  ];
  const isElsewhere = options.elsewhere === true;
  const program = isElsewhere ? 'unshare' : 'dockerd';
  const words = isElsewhere ? ['--net', 'dockerd', ...args] : args;
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH } });
  let log = '';
  const listening = new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.split('API listen on').length > (port === undefined ? 1 : 2)) resolve();
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`dockerd ended: ${log.slice(-2000)}`)));
  });
  const stop = async (): Promise<void> => {
    await ended(child);
    await unmountAll(folder);
    if (bridge !== undefined) execFileSync('ip', ['link', 'delete', bridge.name]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await listening;
  } catch (error) {
    await stop();
    throw error;
  }
  const reached = {
    ...(bridge === undefined ? {} : { bridge: bridge.address }),
    ...(port === undefined ? {} : { port }),
  };
  return { host, socketPath, docker: new Docker({ socketPath }), ...reached, pid: child.pid ?? 0, stop };
}

async function freePort(): Promise<number> {
  const server = await listen(createServer());
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function tlsArguments(tcp: EngineOptions['tcp']): string[] {
  if (tcp === undefined || tcp === 'plain') return [];
  return ['--tlsverify', '--tlscacert', tcp.ca, '--tlscert', tcp.cert, '--tlskey', tcp.key];
}

/** A bridge with addresses that engines of other test runs are unlikely to have: both come from the number of this process. */
function makeBridge(): { name: string; address: string; pool: string } {
  const name = `pf${String(process.pid)}`;
  const [second, third] = [100 + (process.pid % 100), Math.floor(process.pid / 100) % 128];
  const address = `10.${String(second)}.${String(third)}.1`;
  execFileSync('ip', ['link', 'add', name, 'type', 'bridge']);
  execFileSync('ip', ['address', 'add', `${address}/24`, 'dev', name]);
  execFileSync('ip', ['link', 'set', name, 'up']);
  return { name, address, pool: `10.${String(second)}.${String(third + 128)}.0/24` };
}

/** The engine leaves mounts of its network namespaces behind. */
async function unmountAll(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
  const inside = mounts.filter((mount) => mount.startsWith(`${folder}/`)).reverse();
  for (const mount of inside) {
    await new Promise((resolve) => spawn('umount', ['-l', mount], { stdio: 'ignore' }).once('exit', resolve));
  }
}

/** Loads a tar file as `docker load` does. */
export async function load(engine: TestEngine, archive: Buffer): Promise<void> {
  const progress = await engine.docker.loadImage(Readable.from([archive]), { quiet: true });
  const chunks: Buffer[] = [];
  for await (const chunk of progress) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  if (!text.includes('Loaded image')) throw new Error(`the engine did not load the image: ${text}`);
}

/** Builds an image as `docker build` does, from the files of its context, or from a context that is a tar file already. */
export async function build(
  engine: TestEngine,
  name: string,
  files: Readonly<Record<string, string>> | Buffer,
): Promise<void> {
  const context = Readable.from([Buffer.isBuffer(files) ? files : tarOf(files)]);
  await finished(await engine.docker.buildImage(context, { t: name, networkmode: 'none' }));
}

export async function pull(engine: TestEngine, name: string): Promise<void> {
  await finished(await engine.docker.pull(name));
}

/** Pushes to a registry. The engine wants a login to send, if only an empty one. */
export async function pushFrom(engine: TestEngine, name: string, authconfig: object = {}): Promise<void> {
  await finished(await engine.docker.getImage(name).push({ authconfig }));
}

/** Reads the progress that the engine tells, to its end; an error in it is thrown. */
async function finished(progress: NodeJS.ReadableStream): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of progress) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.includes('"errorDetail"')) throw new Error(`the engine failed: ${text}`);
}
