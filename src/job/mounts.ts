import { resolvePath } from '../text/posix-path.js';
import type { Located } from '../text/source.js';
import { isPackedFolder } from './data-url.js';
import { downloadOf, s3Fetch } from './input-name.js';
import type { InputSource, ResultPath, Task } from './job-spec.js';
import { sourceType, textParam, type SourceType } from './source-params.js';
import { unfilledPart } from './unfilled.js';

/** A place in the container that an input or a result path is mounted at. */
export interface Mount {
  /** The Target or Path as written. */
  readonly target: Located<string>;
  /** The same, absolute and clean. */
  readonly path: string;
  /**
   * What lies at `path` (`pkg/storage`, `pkg/executor/docker`):
   *
   * - `folder`: a folder of the node; it hides what the image has there
   * - `file`: a file
   * - `file-inside`: `path` is the image's own folder, and the one file `file` is put into it
   * - `unknown`: a file or a folder, as the content decides
   */
  readonly shape: 'folder' | 'file' | 'file-inside' | 'unknown';
  /** Absolute path of the one file that lies there, when its name is known. */
  readonly file?: string;
  readonly writable: boolean;
}

export interface InputMount extends Mount {
  readonly kind: 'input';
  readonly input: InputSource;
  /** Undefined for a source that no node has. */
  readonly type: SourceType | undefined;
}

export interface ResultMount extends Mount {
  readonly kind: 'result';
  readonly result: ResultPath;
}

/** Gives where the inputs of a task lie, in their order. Inputs with no Target, or a relative one, or one that is left to fill in, lie nowhere. */
export function inputMounts(task: Task | undefined): InputMount[] {
  return (task?.inputs ?? []).flatMap((input) => {
    const path = cleanPath(input.target);
    if (input.target === undefined || path === undefined) return [];
    const type = sourceType(input);
    return [{ kind: 'input', input, type, target: input.target, path, ...layout(input, type, path) }];
  });
}

/** Gives where the result paths of a task lie, in their order. */
export function resultMounts(task: Task | undefined): ResultMount[] {
  return (task?.resultPaths ?? []).flatMap((result) => {
    const path = cleanPath(result.path);
    if (result.path === undefined || path === undefined) return [];
    return [{ kind: 'result', result, target: result.path, path, shape: 'folder', writable: true }];
  });
}

/** Gives the path that Docker mounts something at; undefined when the name of the file that is put there is not known. */
export function mountPoint({ shape, path, file }: Mount): string | undefined {
  return shape === 'file-inside' ? file : path;
}

function cleanPath(path: Located<string> | undefined): string | undefined {
  const text = path?.value.trim() ?? '';
  return text.startsWith('/') && unfilledPart(text)?.kind !== 'template' ? resolvePath('/', text) : undefined;
}

function layout(
  { source }: InputSource,
  type: SourceType | undefined,
  path: string,
): Pick<Mount, 'shape' | 'file' | 'writable'> {
  switch (type) {
    case 'urldownload': {
      const url = textParam(source, 'URL')?.value ?? '';
      const download = unfilledPart(url) === undefined ? downloadOf(url) : undefined;
      const name = download?.kind === 'file' && !download.folder ? download.name : undefined;
      return { shape: 'file-inside', writable: true, ...(name === undefined ? {} : { file: resolvePath(path, name) }) };
    }
    case 's3': {
      const key = textParam(source, 'Key')?.value ?? '';
      const fetch = unfilledPart(key) === undefined ? s3Fetch(key) : undefined;
      const name = fetch?.kind === 'object' ? fetch.name : undefined;
      return { shape: 'folder', writable: true, ...(name === undefined ? {} : { file: resolvePath(path, name) }) };
    }
    case 'inline': {
      const url = textParam(source, 'URL')?.value ?? '';
      return { shape: isPackedFolder(url) ? 'folder' : 'file', writable: true };
    }
    case 'local':
    case 'localdirectory': {
      const readWrite = source?.params.get('ReadWrite')?.value;
      return { shape: 'unknown', writable: readWrite === true || readWrite === 'true' };
    }
    case 'ipfs':
    case undefined:
      return { shape: 'unknown', writable: true };
  }
}
