import { execFile } from 'node:child_process';
import { readDockerConfig, type Environment } from '../docker-config.js';
import { CannotLook } from '../../net/failure.js';
import { asObject, asText, parseJsonObject, type JsonObject } from '../json.js';
import { HUB_KEY, isHub } from './hub.js';

/** What `docker login` left behind for a registry. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token for the token server (OAuth 2). */
  | { readonly kind: 'identity-token'; readonly token: string };

const HELPER_NAME = /^[A-Za-z0-9_.-]+$/;
const HELPER_MS = 5000;

/**
 * Finds the credentials of a registry as the Docker command line does: `credHelpers` of the host, then `credsStore`,
 * then `auths` of the Docker config.
 *
 * @returns undefined when there are none
 * @throws CannotLook when a helper is configured and fails
 */
export async function findCredentials(registry: string, env: Environment): Promise<Credentials | undefined> {
  const config = await readDockerConfig(env);
  const helper = helperFor(registry, config);
  const fromHelper = helper === undefined ? undefined : await askHelper(helper, registry, env);
  return fromHelper ?? fromAuths(registry, asObject(config.auths) ?? {});
}

function helperFor(registry: string, config: JsonObject): string | undefined {
  const helpers = asObject(config.credHelpers) ?? {};
  const key = matchingKeys(registry, Object.keys(helpers))[0];
  return asText(key === undefined ? undefined : helpers[key]) ?? asText(config.credsStore);
}

function fromAuths(registry: string, auths: JsonObject): Credentials | undefined {
  for (const key of matchingKeys(registry, Object.keys(auths))) {
    const found = fromEntry(asObject(auths[key]) ?? {});
    if (found !== undefined) return found;
  }
  return undefined;
}

function fromEntry(entry: JsonObject): Credentials | undefined {
  const token = asText(entry.identitytoken);
  if (token !== undefined && token !== '') return { kind: 'identity-token', token };
  const decoded = Buffer.from(asText(entry.auth) ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon > 0) {
    const password = decoded.slice(colon + 1).replace(/\0+$/, '');
    return { kind: 'password', username: decoded.slice(0, colon), password };
  }
  const username = asText(entry.username);
  const password = asText(entry.password);
  if (username === undefined || username === '' || password === undefined) return undefined;
  return { kind: 'password', username, password };
}

/** Keys that mean the registry, its exact name first: old files hold URLs (`https://host/v1/`). */
function matchingKeys(registry: string, keys: readonly string[]): string[] {
  const same = (key: string): boolean => {
    const host = key.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';
    return isHub(registry) ? isHub(host) : host.toLowerCase() === registry.toLowerCase();
  };
  const exact = isHub(registry) ? HUB_KEY : registry;
  return [...keys.filter((key) => key === exact), ...keys.filter((key) => key !== exact && same(key))];
}

/** Asks `docker-credential-NAME get` (docker-credential-helpers protocol), for five seconds at most. */
async function askHelper(name: string, registry: string, env: Environment): Promise<Credentials | undefined> {
  if (!HELPER_NAME.test(name)) throw new CannotLook('the Docker config names an invalid credential helper');
  const server = isHub(registry) ? HUB_KEY : registry;
  const output = await runHelper(`docker-credential-${name}`, server, env);
  if (output === undefined) return undefined;
  const json = parseJsonObject(output, `the answer of docker-credential-${name}`);
  const username = asText(json.Username);
  const secret = asText(json.Secret);
  if (username === undefined || secret === undefined || secret === '') return undefined;
  return username === '<token>'
    ? { kind: 'identity-token', token: secret }
    : { kind: 'password', username, password: secret };
}

function runHelper(program: string, server: string, env: Environment): Promise<Buffer | undefined> {
  const options = { timeout: HELPER_MS, killSignal: 'SIGKILL', maxBuffer: 65536, encoding: 'buffer', env } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(program, ['get'], options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else if (stdout.includes('credentials not found')) resolve(undefined);
      else if (error.code === 'ENOENT') reject(new CannotLook(`${program} is not installed`));
      else if (error.killed === true) reject(new CannotLook(`${program} did not answer within ${HELPER_MS / 1000} s`));
      else reject(new CannotLook(`${program} failed`));
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(`${server}\n`);
  });
}
