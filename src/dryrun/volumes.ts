import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { MountSettings } from 'dockerode';
import type { Labels } from './labels.js';
import type { StagedEntry, StagedInput } from './staged-input.js';
import { tarOfInput, type Progress } from './tar-of-input.js';

/**
 * Volumes of the engine, one for each input and result path. They are filled and read through a container of the job's
 * own image that has them all and is never started: so owners and modes are a node's wherever the engine runs, and
 * nothing of the user's machine is mounted.
 */
export interface Volumes {
  /** Writes an input into a volume; gives the path of the first file, which is the only one of a single-file input. */
  readonly fill: (
    index: number,
    input: StagedInput,
    onProgress: (done: Progress) => void,
  ) => Promise<string | undefined>;
  /** Gives what is in a volume as a tar stream; names begin with the index. */
  readonly read: (index: number) => Promise<NodeJS.ReadableStream>;
  /** Mounts a whole volume. What the image has at the target is hidden, not copied, as by a node's folders. */
  readonly mountFolder: (index: number, target: string, writable: boolean) => MountSettings;
  /** Mounts one file of a volume. */
  readonly mountFile: (index: number, path: string, target: string, writable: boolean) => Promise<MountSettings>;
  /** Where the engine's own machine has the files of a volume. */
  readonly mountpoint: (index: number) => Promise<string>;
  readonly names: readonly string[];
}

/** Where the helper container has the volumes; no image has such a folder. */
const ROOT = '/bacalhau-preflight';

/** Makes so many volumes, all empty, owned by root, with mode 0755. */
export async function makeVolumes(
  docker: Docker,
  {
    image,
    count,
    run,
    labels,
    signal,
  }: { image: string; count: number; run: string; labels: Labels; signal: AbortSignal },
): Promise<Volumes> {
  const names = Array.from({ length: count }, (_, index) => `bacalhau-preflight-${run}-${String(index)}`);
  await Promise.all(names.map((Name) => docker.createVolume({ Name, Labels: labels })));
  const helper = count === 0 ? undefined : await makeHelper(docker, image, names, labels);
  const theHelper = (): Docker.Container => {
    if (helper === undefined) throw new Error('there are no volumes');
    return helper;
  };
  const mountpoint = async (index: number): Promise<string> =>
    (await docker.getVolume(names[index] ?? '').inspect()).Mountpoint;
  return {
    names,
    mountpoint,
    fill: async (index, input, onProgress) => {
      const seen: { first?: string } = {};
      const observed: StagedInput = { ...input, entries: (stop) => firstFile(input.entries(stop), seen) };
      const tar = Readable.from(tarOfInput(String(index), observed, signal, onProgress), { objectMode: false });
      const failed: { by?: Error } = {};
      tar.once('error', (error) => (failed.by = error));
      try {
        await theHelper().putArchive(tar, { path: ROOT, abortSignal: signal });
      } catch (error) {
        // The engine's client tells the end of the connection, and not what ended it.
        throw failed.by ?? error;
      }
      return seen.first;
    },
    read: (index) => theHelper().getArchive({ path: `${ROOT}/${String(index)}`, abortSignal: signal }),
    mountFolder: (index, Target, writable) => ({
      Type: 'volume',
      Source: names[index] ?? '',
      Target,
      ReadOnly: !writable,
      VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: 'local', Options: {} } },
    }),
    mountFile: async (index, path, Target, writable) => ({
      Type: 'bind',
      Source: `${await mountpoint(index)}/${path}`,
      Target,
      ReadOnly: !writable,
    }),
  };
}

async function makeHelper(
  docker: Docker,
  Image: string,
  names: readonly string[],
  Labels: Labels,
): Promise<Docker.Container> {
  return docker.createContainer({
    Image,
    Labels,
    // Never run; the engine wants a command.
    Entrypoint: ['-'],
    NetworkDisabled: true,
    HostConfig: {
      NetworkMode: 'none',
      Mounts: names.map((Source, index) => ({ Type: 'volume', Source, Target: `${ROOT}/${String(index)}` })),
    },
  });
}

async function* firstFile(entries: AsyncIterable<StagedEntry>, seen: { first?: string }): AsyncGenerator<StagedEntry> {
  for await (const entry of entries) {
    if (entry.kind === 'file') seen.first ??= entry.path;
    yield entry;
  }
}
