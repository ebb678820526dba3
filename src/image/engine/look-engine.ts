import { NO_IO } from '../../stats/stats.js';
import type { ImageInspectInfo } from 'dockerode';
import { configOf } from '../config.js';
import { CannotLook, reasonOf } from '../../net/failure.js';
import type { ImageConfig, ImageName, ImagePlatforms, LocalImage, PlatformManifest } from '../facts.js';
import { asList, asObject, asText, asTexts } from '../json.js';
import type { ImageFactName, Look, LookOptions } from '../look-options.js';
import { platformOf } from '../manifest.js';
import { familiarName } from '../reference.js';
import { digestsIn } from '../repo-digests.js';
import { findEndpoint, type Endpoint } from './endpoint.js';

const DEFAULT_CALL_MS = 10_000;

/**
 * Asks the Docker engine what it holds under a name. For `docker-daemon:` names that is the image itself,
 * for others only `image.local`.
 */
export async function lookAtEngine(
  name: ImageName,
  wanted: ReadonlySet<ImageFactName>,
  options: LookOptions,
): Promise<Look> {
  const asked = [...wanted].filter((fact) => fact !== 'image.access');
  const io = { ...NO_IO };
  const stats = (): Look['stats'] => io;
  try {
    const engineName = nameForEngine(name);
    if (engineName === undefined) return notNamed(name, asked);
    const endpoint = await findEndpoint(options.env);
    if (endpoint === undefined) return withoutEngine(name, asked, wanted);
    if (options.offline && endpoint.kind !== 'unix') throw new CannotLook('offline');
    const inspected = await inspect(engineName, endpoint, options);
    io.requests = 1;
    if (inspected !== undefined) {
      const facts = factsOf(name, inspected, wanted);
      if (!wanted.has('image.files')) return { facts, missing: {}, stats: stats() };
      const { engineFiles } = await import('./exported-files.js');
      const files = await engineFiles(inspected.Id, localImage(inspected).config, { endpoint, options, io });
      return { facts: { ...facts, ...files.facts }, missing: files.missing, stats: stats() };
    }
    const problem = `the Docker engine has no image ${engineName}`;
    return {
      facts: wanted.has('image.local') ? { 'image.local': { present: false } } : {},
      missing: missingFor(
        asked.filter((fact) => fact !== 'image.local'),
        problem,
      ),
      ...(name.source === 'docker-daemon' ? { problem } : {}),
      stats: stats(),
    };
  } catch (error) {
    const reason = reasonOf(error);
    return { facts: {}, missing: missingFor(asked, reason), stats: stats() };
  }
}

/** Where there is no engine at all, no image can be only there. */
function withoutEngine(
  { source }: ImageName,
  asked: readonly ImageFactName[],
  wanted: ReadonlySet<ImageFactName>,
): Look {
  const stats = NO_IO;
  if (source !== 'docker-daemon') {
    return { facts: wanted.has('image.local') ? { 'image.local': { present: false } } : {}, missing: {}, stats };
  }
  const problem = 'this machine has no Docker engine (none listens at unix:///var/run/docker.sock)';
  return { facts: {}, missing: missingFor(asked, problem), problem, stats };
}

function missingFor(facts: readonly ImageFactName[], reason: string): Look['missing'] {
  return Object.fromEntries(facts.map((fact) => [fact, reason]));
}

function notNamed({ text }: ImageName, asked: readonly ImageFactName[]): Look {
  const problem = `${text}: not an image reference`;
  return { facts: {}, missing: missingFor(asked, problem), problem, stats: NO_IO };
}

function nameForEngine({ id, reference }: ImageName): string | undefined {
  return id ?? (reference === undefined ? undefined : familiarName(reference));
}

/** Gives what the engine says of an image; undefined when it holds none of that name. */
async function inspect(name: string, endpoint: Endpoint, options: LookOptions): Promise<ImageInspectInfo | undefined> {
  const { engineFailure, getJson, openEngine } = await import('./client.js');
  const timeoutMs = options.requestMs ?? DEFAULT_CALL_MS;
  const signals = [AbortSignal.timeout(timeoutMs), ...(options.signal === undefined ? [] : [options.signal])];
  const signal = AbortSignal.any(signals);
  const engine = openEngine(endpoint, options.env);
  signal.addEventListener('abort', engine.close);
  try {
    // Engines before API 1.48 pass over the option, and so do those without containerd's store.
    const inspected = await getJson(engine.docker, `/images/${name}/json`, { manifests: 1 });
    return isInspected(inspected) ? inspected : undefined;
  } catch (error) {
    if (signal.aborted) throw new CannotLook(`the Docker engine at ${endpoint.text} did not answer in time`);
    const failure = engineFailure(error, endpoint);
    if (failure === undefined) return undefined;
    throw failure;
  } finally {
    signal.removeEventListener('abort', engine.close);
    engine.close();
  }
}

function isInspected(value: unknown): value is ImageInspectInfo {
  return typeof asObject(value)?.Id === 'string';
}

function factsOf(name: ImageName, inspected: ImageInspectInfo, wanted: ReadonlySet<ImageFactName>): Look['facts'] {
  const local = localImage(inspected);
  return {
    ...(wanted.has('image.local') ? { 'image.local': local } : {}),
    ...(wanted.has('image.platforms') ? { 'image.platforms': platformsOf(name, local, inspected) } : {}),
    ...(wanted.has('image.config') ? { 'image.config': local.config } : {}),
  };
}

function localImage(inspected: ImageInspectInfo): LocalImage & { present: true } {
  const platform = platformOf({
    os: inspected.Os,
    architecture: inspected.Architecture,
    variant: inspected.Variant,
  });
  if (platform === undefined) throw new CannotLook('the Docker engine names no platform of the image');
  const config: ImageConfig = configOf(platform, asObject(inspected.Config), asText(inspected.Created), {
    source: 'docker-daemon',
    digest: inspected.Id,
    size: inspected.Size,
    layers: asTexts(asObject(inspected.RootFS)?.Layers).map(() => ({})),
  });
  return { present: true, id: inspected.Id, platform, repoDigests: asTexts(inspected.RepoDigests), config };
}

function platformsOf(
  { reference }: ImageName,
  local: LocalImage & { present: true },
  inspected: ImageInspectInfo,
): ImagePlatforms {
  // An image named by its ID has the digest that any registry gave it.
  const [first] = local.repoDigests;
  const digest =
    reference === undefined ? first?.slice(first.indexOf('@') + 1) : digestsIn(reference, local.repoDigests)[0];
  const named = digest === undefined ? {} : { digest };
  const listed = listedPlatforms(inspected);
  if (listed.length > 0) return { source: 'docker-daemon', kind: 'index', platforms: listed, ...named };
  return {
    source: 'docker-daemon',
    kind: 'manifest',
    platforms: [{ platform: local.platform, size: inspected.Size }],
    ...named,
    ...(digest === undefined ? {} : { isPartial: true }),
  };
}

/**
 * The platforms of what the name stands for, those that were not pulled among them: only containerd's store keeps the
 * index of an image (Docker Engine API 1.48, `Manifests`).
 */
function listedPlatforms(inspected: object): PlatformManifest[] {
  return asList(Reflect.get(inspected, 'Manifests')).flatMap((item) => {
    const manifest = asObject(item);
    const descriptor = asObject(manifest?.Descriptor);
    const platform =
      platformOf(asObject(asObject(manifest?.ImageData)?.Platform)) ?? platformOf(asObject(descriptor?.platform));
    if (manifest?.Kind === 'attestation' || platform === undefined || platform.split('/').includes('unknown'))
      return [];
    const digest = asText(descriptor?.digest);
    return [{ platform, ...(digest === undefined ? {} : { digest }) }];
  });
}
