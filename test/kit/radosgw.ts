import type { S3Client } from '@aws-sdk/client-s3';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { loadSdk } from '../../src/probe/s3/sdk.js';
import { listen, portOf } from './listen.js';
import { ended } from './registry.js';

/** A real object store: Ceph's radosgw with a monitor and a store in memory, on loopback. Needs root. */
export interface ObjectStore {
  /** `http://127.0.0.1:PORT`, for `Endpoint`. */
  readonly endpoint: string;
  /** The only account, for the environment of a program. */
  readonly env: Readonly<Record<string, string>>;
  /** A client of the account, to put things there. */
  readonly client: S3Client;
  readonly stop: () => Promise<void>;
}

/** Programs of Debian's packages radosgw, ceph-mon, ceph-osd and ceph-common. */
export const RADOSGW_NEEDS = [
  'root',
  'radosgw',
  'radosgw-admin',
  'ceph',
  'ceph-mon',
  'ceph-osd',
  'ceph-authtool',
  'monmaptool',
];

const ACCOUNT = { accessKeyId: 'AKTEST', secretAccessKey: 'SKTEST' };
const run = promisify(execFile);

/** Starts the store with its data below a temporary folder; takes about a quarter of a minute. */
export async function startObjectStore(): Promise<ObjectStore> {
  const folder = await mkdtemp(join(tmpdir(), 'radosgw-'));
  const running: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const child of running.reverse()) await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const endpoint = await start(folder, running);
    const { S3Client } = await loadSdk();
    const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: ACCOUNT });
    const env = { AWS_ACCESS_KEY_ID: ACCOUNT.accessKeyId, AWS_SECRET_ACCESS_KEY: ACCOUNT.secretAccessKey };
    return { endpoint, env, client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(folder: string, running: ChildProcess[]): Promise<string> {
  const [monitorPort, port] = [await freePort(), await freePort()];
  const [cluster, store] = [randomUUID(), randomUUID()];
  for (const name of ['mon', 'osd', 'rgw', 'run', 'log']) await mkdir(join(folder, name));
  const keyring = join(folder, 'keyring');
  await writeFile(join(folder, 'ceph.conf'), config(folder, cluster, monitorPort));
  const common = ['-c', join(folder, 'ceph.conf')];
  const go = (program: string, ...args: readonly string[]): ReturnType<typeof run> =>
    run(program, args, { cwd: folder, timeout: 60_000 });
  const keep = (program: string, ...args: readonly string[]): void => {
    running.push(spawn(program, [...common, ...args], { cwd: folder, stdio: 'ignore' }));
  };
  await go('ceph-authtool', '--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  const all = ['--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow *'];
  await go('ceph-authtool', keyring, '--gen-key', '-n', 'client.admin', ...all);
  await copyFile(keyring, join(folder, 'rgw', 'keyring'));
  const monitor = `[v2:127.0.0.1:${monitorPort}]`;
  await go('monmaptool', '--create', '--addv', 'a', monitor, '--fsid', cluster, join(folder, 'monmap'));
  await go('ceph-mon', ...common, '--mkfs', '-i', 'a', '--monmap', join(folder, 'monmap'), '--keyring', keyring);
  keep('ceph-mon', '-i', 'a', '-f', '--keyring', keyring);
  await go('ceph', ...common, 'osd', 'new', store);
  const caps = ['mon', 'allow profile osd', 'osd', 'allow *', 'mgr', 'allow profile osd'];
  const { stdout: key } = await go('ceph', ...common, 'auth', 'get-or-create', 'osd.0', ...caps);
  await appendFile(keyring, String(key));
  await go('ceph-osd', ...common, '-i', '0', '--mkfs', '--no-mon-config', '--osd-uuid', store);
  keep('ceph-osd', '-i', '0', '-f');
  await until('the store is up', async () =>
    String((await go('ceph', ...common, 'osd', 'stat')).stdout).includes('1 up'),
  );
  const { accessKeyId, secretAccessKey } = ACCOUNT;
  const keys = [`--access-key=${accessKeyId}`, `--secret-key=${secretAccessKey}`];
  await go('radosgw-admin', ...common, 'user', 'create', '--uid=tester', '--display-name=tester', ...keys);
  const frontend = ['--rgw-frontends', `beast endpoint=127.0.0.1:${port}`, '--rgw-data', join(folder, 'rgw')];
  keep('radosgw', '-n', 'client.admin', '-f', ...frontend, '--rgw-dns-name', 'localhost');
  const endpoint = `http://127.0.0.1:${port}`;
  await until('the gateway answers', async () => (await fetch(endpoint)).ok);
  return endpoint;
}

function config(folder: string, cluster: string, monitorPort: number): string {
  return `[global]
fsid = ${cluster}
mon host = v2:127.0.0.1:${monitorPort}/0
mon initial members = a
public network = 127.0.0.0/8
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
run dir = ${folder}/run
log file = ${folder}/log/$name.log
keyring = ${folder}/keyring
[mon]
mon data = ${folder}/mon
mon warn on pool no redundancy = false
[osd]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 536870912
osd class load list = *
osd class default list = *
`;
}

/** Asks again until it is so; programs of Ceph say nothing when they are ready. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    if (await isSo().catch(() => false)) return;
    await wait(250);
  }
  throw new Error(`${what}: not within a minute`);
}

async function freePort(): Promise<number> {
  const server = await listen(createServer());
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
