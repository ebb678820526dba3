import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerConfigFolder, homeOf, isFileError, readDockerConfig, type Environment } from '../docker-config.js';
import { CannotLook } from '../../net/failure.js';
import { asObject, asText, parseJsonObject, type JsonObject } from '../json.js';

/** Where a Docker engine listens. */
export type Endpoint =
  | { readonly kind: 'unix'; readonly text: string; readonly socketPath: string }
  | { readonly kind: 'tcp'; readonly text: string; readonly host: string; readonly port: number; readonly tls?: Tls }
  | {
      readonly kind: 'ssh';
      readonly text: string;
      readonly host: string;
      /** Absent leaves it to the user's ssh config, as the two that follow. */
      readonly port?: number;
      readonly user?: string;
      /** Where the engine listens on that machine. */
      readonly socketPath?: string;
    };

/** PEM files of a TLS connection, as far as they are there. */
export interface Tls {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly verifies: boolean;
}

/**
 * Finds the engine as the Docker command line does: DOCKER_HOST, then DOCKER_CONTEXT or the current context of the
 * Docker config, then the sockets where Docker, rootless Docker, Docker Desktop and Podman listen.
 *
 * Undefined when nobody names an engine and none of the usual sockets is there: this machine has none.
 *
 * @throws CannotLook when the setting cannot be understood
 */
export async function findEndpoint(env: Environment): Promise<Endpoint | undefined> {
  const host = env.DOCKER_HOST;
  if (host !== undefined && host !== '') return parseEndpoint(host, await tlsFromEnvironment(env));
  const context = env.DOCKER_CONTEXT ?? asText((await readDockerConfig(env)).currentContext) ?? '';
  if (context !== '' && context !== 'default') return endpointOfContext(context, env);
  return firstSocket(env);
}

/** Takes the text of DOCKER_HOST: `unix://PATH`, `[tcp://]HOST:PORT`, `ssh://[USER@]HOST[:PORT][/SOCKET]`. */
export function parseEndpoint(text: string, tls?: Tls): Endpoint {
  if (text.startsWith('unix://')) return { kind: 'unix', text, socketPath: text.slice('unix://'.length) };
  if (text.startsWith('npipe://')) return { kind: 'unix', text, socketPath: text.slice('npipe://'.length) };
  if (!text.includes('://')) return parseEndpoint(`tcp://${text}`, tls);
  if (!URL.canParse(text)) throw new CannotLook('DOCKER_HOST is not understood');
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const shown = `${url.protocol}//${url.host}`;
  switch (url.protocol) {
    case 'tcp:':
    case 'http:':
    case 'https:': {
      const secure = tls !== undefined || url.protocol === 'https:';
      const port = url.port === '' ? (secure ? 2376 : 2375) : Number(url.port);
      return { kind: 'tcp', text: shown, host, port, ...(secure ? { tls: tls ?? { verifies: true } } : {}) };
    }
    case 'ssh:': {
      const port = url.port === '' ? {} : { port: Number(url.port) };
      const user = url.username === '' ? {} : { user: decodeURIComponent(url.username) };
      const path = /[^/]/.test(url.pathname) ? { socketPath: decodeURIComponent(url.pathname) } : {};
      return { kind: 'ssh', text: shown, host, ...port, ...user, ...path };
    }
    default:
      throw new CannotLook(`DOCKER_HOST has a scheme that is not known (${url.protocol}//)`);
  }
}

async function tlsFromEnvironment(env: Environment): Promise<Tls | undefined> {
  const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';
  const verifies = isSet(env.DOCKER_TLS_VERIFY);
  if (!verifies && !isSet(env.DOCKER_TLS)) return undefined;
  const folder = env.DOCKER_CERT_PATH;
  return readTls(isSet(folder) ? folder : dockerConfigFolder(env), verifies);
}

async function readTls(folder: string, verifies: boolean): Promise<Tls> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readIfThere(join(folder, name))),
  );
  return {
    verifies,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** Contexts lie in folders named by the sha256 of their name (docker/cli, `cli/context/store`). */
async function endpointOfContext(name: string, env: Environment): Promise<Endpoint | undefined> {
  const { createHash } = await import('node:crypto'); // loading it costs more than finding a socket
  const id = createHash('sha256').update(name).digest('hex');
  const contexts = join(dockerConfigFolder(env), 'contexts');
  const bytes = await readIfThere(join(contexts, 'meta', id, 'meta.json'));
  if (bytes === undefined) throw new CannotLook(`the Docker context "${name}" does not exist`);
  const endpoint = dockerEndpoint(parseJsonObject(bytes, `the Docker context "${name}"`));
  const host = asText(endpoint?.Host) ?? '';
  if (host === '') return firstSocket(env);
  const tls = await readTls(join(contexts, 'tls', id, 'docker'), endpoint?.SkipTLSVerify !== true);
  const hasTls = tls.ca !== undefined || tls.cert !== undefined;
  return parseEndpoint(host, hasTls ? tls : undefined);
}

function dockerEndpoint(meta: JsonObject): JsonObject | undefined {
  return asObject(asObject(meta.Endpoints)?.docker);
}

/** Sockets where engines listen, the system's own first. */
export function socketPaths(env: Environment): string[] {
  const runtime = env.XDG_RUNTIME_DIR;
  const home = homeOf(env);
  return [
    '/var/run/docker.sock',
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]),
    join(home, '.docker', 'run', 'docker.sock'),
    join(home, '.docker', 'desktop', 'docker.sock'),
    ...(runtime === undefined ? [] : [join(runtime, 'podman', 'podman.sock')]),
    '/run/podman/podman.sock',
  ];
}

async function firstSocket(env: Environment): Promise<Endpoint | undefined> {
  for (const path of socketPaths(env)) {
    if (await isSocket(path)) return { kind: 'unix', text: `unix://${path}`, socketPath: path };
  }
  return undefined;
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isSocket();
  } catch {
    return false;
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isFileError(error)) return undefined;
    throw error;
  }
}
