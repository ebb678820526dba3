import { createInterface } from 'node:readline';
import type Docker from 'dockerode';
import type { Environment } from '../image/docker-config.js';
import type { ImageName } from '../image/facts.js';
import { asObject, asText, parseJsonObject, type JsonObject } from '../image/json.js';
import { osAndArchitecture } from '../image/platform.js';
import { findCredentials, type Credentials } from '../image/registry/credentials.js';
import { HUB_KEY, isHub } from '../image/registry/hub.js';
import { CannotRun } from './cannot-run.js';
import { engineWords, isRefusal } from './refusal.js';

/** What is told while an image is pulled. */
export interface PullEvents {
  /** @param account whether the user's own credentials are sent, which no node has */
  readonly onPull: (account: boolean) => void;
  /** Bytes that have come, of those that are known to come. */
  readonly onProgress: (done: number, all: number) => void;
}

export interface PullOptions {
  /** As the engine knows it. */
  readonly name: string;
  readonly image: ImageName;
  /** Platforms of the nodes. */
  readonly platforms: readonly string[];
  /** Whether the credentials of the user's Docker config may be sent. */
  readonly credentials: boolean;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly events: PullEvents;
}

/**
 * Lets the engine pull an image for a platform of the nodes, as the Docker command line would.
 *
 * @returns why not, in the registry's words, when it has none for that platform; else undefined
 * @throws CannotRun when it cannot be pulled
 */
export async function pull(docker: Docker, options: PullOptions): Promise<string | undefined> {
  const { name, image, env, signal, events } = options;
  if (image.reference === undefined) {
    throw new CannotRun(`the Docker engine has no image ${name}, and an ID alone names nothing to pull`);
  }
  const { registry } = image.reference;
  const found = options.credentials ? await findCredentials(registry, env) : undefined;
  events.onPull(found !== undefined);
  const platform = await platformToPull(docker, options.platforms);
  let failure: string | undefined;
  try {
    const progress = await docker.pull(name, {
      ...(platform === undefined ? {} : { platform }),
      ...(found === undefined ? {} : { authconfig: authOf(found, registry) }),
      abortSignal: signal,
    });
    failure = await followed(progress, events);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    failure = engineWords(error.message);
  }
  if (failure === undefined) return undefined;
  if (OTHER_PLATFORM.test(failure)) return failure;
  throw new CannotRun(`the Docker engine could not pull ${name}: ${failure}`);
}

/** The words of Docker 20.10 to 28, with and without containerd's store. */
const OTHER_PLATFORM = /no matching manifest for|does not match the specified platform|no match for platform/;

/** The engine's own, where nodes have it too: others run here only where it can emulate them. */
async function platformToPull(docker: Docker, platforms: readonly string[]): Promise<string | undefined> {
  const wanted = platforms.map(osAndArchitecture);
  if (wanted.length < 2) return wanted[0];
  const { Os, Arch } = await docker.version();
  return wanted.find((each) => each === `${Os}/${Arch}`) ?? wanted[0];
}

/** What the engine takes as X-Registry-Auth (Docker Engine API, "Authentication"). */
function authOf(found: Credentials, registry: string): object {
  const serveraddress = isHub(registry) ? HUB_KEY : registry;
  return found.kind === 'identity-token'
    ? { identitytoken: found.token, serveraddress }
    : { username: found.username, password: found.password, serveraddress };
}

/** Reads the engine's progress, a JSON object a line; gives the error in it. */
async function followed(progress: NodeJS.ReadableStream, { onProgress }: PullEvents): Promise<string | undefined> {
  const layers = new Map<string, { current: number; total: number }>();
  let failure: string | undefined;
  for await (const line of createInterface({ input: progress })) {
    if (line.trim() === '') continue;
    const message = parseJsonObject(Buffer.from(line), "the engine's progress");
    failure ??= asText(asObject(message.errorDetail)?.message) ?? asText(message.error);
    const layer = downloadOf(message);
    if (layer === undefined) continue;
    layers.set(layer.id, layer);
    const sum = (of: 'current' | 'total'): number => [...layers.values()].reduce((all, each) => all + each[of], 0);
    onProgress(sum('current'), sum('total'));
  }
  return failure;
}

function downloadOf({
  status,
  id,
  progressDetail,
}: JsonObject): { id: string; current: number; total: number } | undefined {
  const { current, total } = asObject(progressDetail) ?? {};
  if (status !== 'Downloading' || typeof id !== 'string') return undefined;
  return typeof current === 'number' && typeof total === 'number' ? { id, current, total } : undefined;
}
