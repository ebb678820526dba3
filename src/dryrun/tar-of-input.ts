import { CannotStage, type StagedEntry, type StagedInput } from './staged-input.js';
import { padding, tarEnd, tarHeader } from './tar-header.js';

/** What was written so far. */
export interface Progress {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Gives an input as a tar file for the engine's archive API: everything below the folder `name`, owned by root.
 * Content is read as fast as the engine takes it.
 *
 * @throws CannotStage when an entry cannot be read or gives another number of bytes than it said
 */
export async function* tarOfInput(
  name: string,
  input: StagedInput,
  signal: AbortSignal,
  onProgress: (done: Progress) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const mtime = Date.now() / 1000;
  let files = 0;
  let bytes = 0;
  yield tarHeader({ name: `${name}/`, type: 'folder', mode: input.folderMode, mtime });
  for await (const entry of input.entries(signal)) {
    signal.throwIfAborted();
    yield headerOf(`${name}/${checkedPath(entry.path)}`, entry, mtime);
    if (entry.kind !== 'file') continue;
    for await (const chunk of contentOf(entry)) {
      signal.throwIfAborted();
      yield chunk;
      bytes += chunk.length;
      onProgress({ files, bytes });
    }
    yield padding(entry.size);
    files++;
    onProgress({ files, bytes });
  }
  yield tarEnd();
}

function headerOf(name: string, entry: StagedEntry, mtime: number): Buffer {
  const { mode } = entry;
  switch (entry.kind) {
    case 'folder':
      return tarHeader({ name: `${name}/`, type: 'folder', mode, mtime });
    case 'link':
      return tarHeader({ name, type: 'link', mode, mtime, to: entry.to });
    case 'file':
      return tarHeader({ name, type: 'file', mode, mtime, size: entry.size });
  }
}

/** Paths may come from a server: none may leave the folder of its input. */
function checkedPath(path: string): string {
  const isSafe = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..') && !path.includes('\0');
  if (!isSafe) throw new CannotStage(`an input has a file with the path ${JSON.stringify(path)}, which is not taken`);
  return path;
}

async function* contentOf({ path, size, open }: StagedEntry & { kind: 'file' }): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of open()) {
    length += chunk.length;
    if (length > size) throw new CannotStage(`${path} has more than the ${size} bytes that were announced`);
    yield chunk;
  }
  if (length < size) throw new CannotStage(`${path} ended after ${length} of ${size} bytes`);
}
