import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { tarOf } from './images.js';
import { ended } from './registry.js';

/** A Docker engine of its own: nothing of the machine's engine is seen or touched. */
export interface TestEngine {
  /** For DOCKER_HOST. */
  readonly host: string;
  readonly socketPath: string;
  readonly docker: Docker;
  readonly stop: () => Promise<void>;
}

export interface EngineOptions {
  /** Gives containers a bridge network; needs the right to change the machine's network. Default false. */
  readonly network?: boolean;
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
  const folders = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
  const network = options.network === true ? [] : ['--bridge=none', '--iptables=false'];
  const args = [...folders, ...network, '-H', host, '-p', join(folder, 'pid'), '--storage-driver', driver];
  const child = spawn('dockerd', args, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH } });
  let log = '';
  const listening = new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('API listen on')) resolve();
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`dockerd ended: ${log.slice(-2000)}`)));
  });
  const stop = async (): Promise<void> => {
    await ended(child);
    await unmountAll(folder);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await listening;
  } catch (error) {
    await stop();
    throw error;
  }
  return { host, socketPath, docker: new Docker({ socketPath }), stop };
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

/** Builds an image as `docker build` does, from the files of its context. */
export async function build(engine: TestEngine, name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const context = Readable.from([tarOf(files)]);
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
