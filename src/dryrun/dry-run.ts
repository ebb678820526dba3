import type { Environment } from '../image/docker-config.js';
import { engineFailure, openEngine, type Engine } from '../image/engine/client.js';
import { findEndpoint, type Endpoint } from '../image/engine/endpoint.js';
import type { ImageConfig, ImageName } from '../image/facts.js';
import { CannotLook } from '../net/failure.js';
import { lookAtImage, type Look } from '../image/look.js';
import { osAndArchitecture } from '../image/platform.js';
import type { RunEvidence } from '../workload/run-evidence.js';
import { CannotRun } from './cannot-run.js';
import { notStarted } from './evidence.js';
import type { RunPlan } from './plan.js';
import { pull, type PullEvents } from './pull.js';
import { engineWords, isRefusal } from './refusal.js';
import { run } from './run.js';
import type { RunRequest } from './run-request.js';
import { CannotStage } from './staged-input.js';

export interface DryRunRequest extends Omit<RunRequest, 'user'> {
  /** The image of the plan. */
  readonly image: ImageName;
  /** Platforms of the nodes. */
  readonly platforms: readonly string[];
  /** Whether an image that the engine does not hold may be pulled. */
  readonly pull: 'never' | 'missing';
  /** Whether that may send the credentials of the user's Docker config. */
  readonly credentials: boolean;
  readonly env: Environment;
  /** Told what the engine holds, before anything is made. */
  readonly onImage: (config: ImageConfig) => void;
  readonly pullEvents: PullEvents;
}

/** What came of a dry run. */
export interface DryRun {
  /** What the engine says of the image. */
  readonly look: Look;
  readonly evidence?: RunEvidence;
  readonly container?: string;
  /** Why it could not be tried, as a sentence for people; then nothing was seen. */
  readonly problem?: string;
}

const BIND_ELSEWHERE =
  '--bind mounts folders of the machine that the Docker engine runs on, and it is reached over the network; without it inputs are copied there';

/** Before the engine was asked. */
const NO_LOOK: Look = { facts: {}, missing: {}, stats: { requests: 0, bytesRead: 0, cacheHits: 0 } };

/**
 * Runs a plan in the local engine, after a look at its image. Never rejects for what the world does, unless the signal
 * stops it; then everything that was made is removed, and the signal's reason is thrown.
 */
export async function dryRun(request: DryRunRequest): Promise<DryRun> {
  let look = NO_LOOK;
  let engine: Engine | undefined;
  let endpoint: Endpoint | undefined;
  try {
    endpoint = await findEndpoint(request.env);
    if (endpoint === undefined) throw new CannotRun('this machine has no Docker engine; a dry run needs one');
    if (request.bind && endpoint.kind !== 'unix') throw new CannotRun(BIND_ELSEWHERE);
    engine = openEngine(endpoint, request.env);
    look = await lookAtLocal(request);
    const { 'image.local': local } = look.facts;
    if (local?.present === false && request.pull === 'missing') {
      const { plan, pullEvents: events } = request;
      const otherPlatform = await pull(engine.docker, { ...request, name: plan.image, events });
      if (otherPlatform !== undefined) {
        const failure = { cause: 'image-platform', said: otherPlatform } as const;
        return { look, evidence: notStarted({ ...request, user: '' }, failure) };
      }
      look = await lookAtLocal(request);
    }
    const held = look.facts['image.local'];
    if (held?.present !== true) throw new CannotRun(whyNoImage(look, request.plan));
    request.onImage(held.config);
    const wanted = request.platforms.map(osAndArchitecture);
    if (!wanted.includes(osAndArchitecture(held.platform))) {
      const said = `${held.platform}, and the nodes are ${wanted.join(', ')}`;
      const failure = { cause: 'image-platform', said, about: held.platform } as const;
      return { look, evidence: notStarted({ ...request, user: held.config.user }, failure) };
    }
    return { look, ...(await run(engine.docker, { ...request, user: held.config.user })) };
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    return { look, problem: problemOf(error, endpoint, look.facts['image.local'] !== undefined) };
  } finally {
    engine?.close();
  }
}

function lookAtLocal({ image, platforms, env, signal }: DryRunRequest): Promise<Look> {
  const wanted = new Set(['image.platforms', 'image.config', 'image.local']);
  return lookAtImage({ ...image, source: 'docker-daemon' }, wanted, {
    platforms,
    offline: false,
    env,
    credentials: false,
    insecureRegistries: [],
    signal,
  });
}

function whyNoImage({ facts, missing }: Look, { image }: RunPlan): string {
  if (facts['image.local']?.present === false) {
    return `the Docker engine has no image ${image}; pull it (docker pull ${image}), or let --pull missing do so`;
  }
  return missing['image.local'] ?? `the Docker engine says nothing of ${image}`;
}

/** @param wasThere whether the engine has answered before */
function problemOf(error: unknown, endpoint: Endpoint | undefined, wasThere: boolean): string {
  if (error instanceof CannotRun || error instanceof CannotStage || error instanceof CannotLook) return error.message;
  const isEngine = typeof error === 'object' && error !== null && ('statusCode' in error || 'code' in error);
  if (!isEngine || endpoint === undefined) throw error;
  const said = error instanceof Error ? error.message.trim() : 'no reason is known';
  if (isRefusal(error)) return `the Docker engine refused: ${engineWords(said)}`;
  if (wasThere) return `the Docker engine at ${endpoint.text} went away in the middle of the run (${said})`;
  return engineFailure(error, endpoint)?.message ?? said;
}
