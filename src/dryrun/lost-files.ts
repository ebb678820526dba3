import type Docker from 'dockerode';
import { asObject, asText, parseJsonObject } from '../image/json.js';
import { isAtOrBelow } from '../text/posix-path.js';
import type { LostFile } from '../workload/run-evidence.js';
import { tarEntries } from './tar-entries.js';

/** One line of the engine's diff: what the container has that its image has not. */
export interface Change {
  readonly path: string;
  /** 0 changed, 1 added, 2 removed (Docker Engine API, "Get changes"). */
  readonly kind: number;
}

/** Places where programs leave things that nobody misses. */
const SCRATCH = ['/tmp', '/var/tmp', '/var/cache', '/var/log', '/var/lib', '/var/run', '/run', '/dev', '/proc', '/sys'];
const SCRATCH_PART = /\/(?:\.[^/]+|__pycache__|node_modules)(?:\/|$)|\.(?:pyc|pid|lock|swp)$/;
/** Sizes are asked for one by one. */
const MOST_LOST = 100;

/**
 * Gives what a program wrote that no result path collects, of the engine's diff: added files and folders, without those
 * of the mounts, of the system, and of caches.
 */
export function leftOutside(changes: readonly Change[], mounted: readonly string[]): string[] {
  const added = changes.filter(({ kind }) => kind === 1).map(({ path }) => path);
  return added.filter(
    (path) =>
      // The engine makes the places that it mounts at, with the folders above them.
      !mounted.some((mount) => isAtOrBelow(path, mount) || isAtOrBelow(mount, path)) && !isScratch(path),
  );
}

/** Looks at what was left outside: the files with their sizes, the first hundred of them. */
export async function lostFiles(
  container: Docker.Container,
  mounted: readonly string[],
  abortSignal: AbortSignal,
): Promise<LostFile[]> {
  const leaves = leavesOf(leftOutside(changesOf(await container.changes({ abortSignal })), mounted));
  const looked = await Promise.all(leaves.slice(0, MOST_LOST).map((path) => lookAt(container, path)));
  return looked.filter((file) => file !== undefined);
}

/**
 * Gives the files that a program left in volumes which its image asks for (VOLUME): they are not in the engine's diff,
 * and deleted with the container. What the image itself put there is older than the container.
 */
export async function filesInVolumes(
  container: Docker.Container,
  ours: readonly string[],
  { mostBytes, signal }: { mostBytes: number; signal: AbortSignal },
): Promise<LostFile[]> {
  const { Mounts, State } = await container.inspect({ abortSignal: signal });
  const since = Math.floor(Date.parse(State.StartedAt) / 1000) * 1000;
  const lost: LostFile[] = [];
  for (const { Type, Name, Destination } of Mounts) {
    if (Type !== 'volume' || Name === undefined || ours.includes(Name)) continue;
    let left = mostBytes;
    const tar = await container.getArchive({ path: Destination, abortSignal: signal });
    for await (const { header } of tarEntries(tar, signal)) {
      const { name, type, size, mtime } = header;
      const [, ...below] = name.split('/');
      const path = `${Destination}/${below.join('/')}`;
      if (type === 'file' && mtime.getTime() >= since && !isScratch(path)) lost.push({ path, bytes: size });
      left -= size;
      if (left < 0 || lost.length >= MOST_LOST) break;
    }
  }
  return lost;
}

/** Leaves out each folder that something lies in: it is told by that. There may be hundreds of thousands. */
export function leavesOf(paths: readonly string[]): string[] {
  const above = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (above.has(folder)) break; // and so are those above it
      above.add(folder);
    }
  }
  return paths.filter((path) => !above.has(path));
}

function isScratch(path: string): boolean {
  return SCRATCH.some((folder) => isAtOrBelow(path, folder)) || SCRATCH_PART.test(path);
}

function changesOf(answer: unknown): Change[] {
  if (!Array.isArray(answer)) return []; // null when nothing changed
  return answer.flatMap((entry: unknown) => {
    const { Path: path, Kind: kind } = asObject(entry) ?? {};
    return typeof path === 'string' && typeof kind === 'number' ? [{ path, kind }] : [];
  });
}

/** Go's file mode has its own bits; the highest says folder. */
const FOLDER_BIT = 2 ** 31;

async function lookAt(container: Docker.Container, path: string): Promise<LostFile | undefined> {
  try {
    const stat = await statIn(container, path);
    if (stat === undefined) return { path };
    return stat.mode >= FOLDER_BIT ? undefined : { path, bytes: stat.size };
  } catch {
    return { path };
  }
}

async function statIn(container: Docker.Container, path: string): Promise<{ size: number; mode: number } | undefined> {
  const answer: unknown = await container.infoArchive({ path });
  const headers: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'headers') : undefined;
  const header = asText(asObject(headers)?.['x-docker-container-path-stat']);
  if (header === undefined) return undefined;
  const { size, mode } = parseJsonObject(Buffer.from(header, 'base64'), 'what the engine says of a file');
  return typeof size === 'number' && typeof mode === 'number' ? { size, mode } : undefined;
}
