import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { resolvePath } from '../text/posix-path.js';
import { decode, readBounded } from '../text/read-file.js';
import { sourceText, type SourceText } from '../text/source.js';
import type { Dockerfile, DockerfileCopy } from './dockerfile.js';

/** A script that a person wrote is shorter; what is longer is generated. */
const LONGEST_SCRIPT = 256 * 1024;

/** Files that are tried for one path: more than the COPY lines that people write. */
const MOST_TRIES = 50;

/**
 * Finds the text of a file of the final image: a here-document of COPY, or a file of the build context, which is taken
 * to be the folder of the Dockerfile. No link is followed, nothing outside the context is opened, and what
 * `.dockerignore` leaves out is not there.
 *
 * @param path absolute, in the image
 * @returns `absent` when a COPY brings it and the file is not there or cannot be read, undefined when none brings it
 */
export async function copiedFile(dockerfile: Dockerfile, path: string): Promise<SourceText | 'absent' | undefined> {
  const { final, source } = dockerfile;
  let isBrought = false;
  let tries = 0;
  for (const copy of (final?.copies ?? []).toReversed()) {
    const document = copy.documents.find(({ name }) => landsAt(copy, name) === path || copy.destination.value === path);
    if (document !== undefined) {
      const { start, end } = document.content;
      // The text keeps its place in the Dockerfile, so that lines are those that people see.
      return sourceText(
        source.path,
        source.text.slice(0, start).replace(/[^\r\n]/g, ' ') + source.text.slice(start, end),
      );
    }
    if (copy.from !== undefined || source.path === '-') continue;
    for (const candidate of candidates(copy, path)) {
      if (++tries > MOST_TRIES) return 'absent';
      isBrought = true;
      const text = await readInContext(source.path, candidate);
      if (text !== undefined) return text;
    }
  }
  return isBrought ? 'absent' : undefined;
}

function landsAt({ destination }: DockerfileCopy, name: string): string {
  return resolvePath(destination.value, name);
}

/** The files of the context that a COPY may bring to a path, relative to the context. */
function candidates({ sources, destination }: DockerfileCopy, path: string): string[] {
  const folder = destination.value.replace(/\/+$/, '');
  return sources.flatMap(({ value }) => {
    if (/^(?:https?|git|ssh):|\$|^git@/.test(value)) return [];
    const source = resolvePath('/', value).slice(1);
    const name = source.slice(source.lastIndexOf('/') + 1);
    if (path === folder) return source === '' ? [] : [source];
    if (!path.startsWith(`${folder}/`)) return [];
    const rest = path.slice(folder.length + 1);
    if (/[*?[]/.test(name)) return rest.includes('/') ? [] : [source.slice(0, -name.length) + rest];
    return [...(name === rest ? [source] : []), source === '' ? rest : `${source}/${rest}`];
  });
}

async function readInContext(dockerfile: string, file: string): Promise<SourceText | undefined> {
  const context = dirname(dockerfile);
  if (await isIgnored(dockerfile, file)) return undefined;
  let path = context;
  try {
    const parts = file.split('/');
    for (const [index, part] of parts.entries()) {
      path = join(path, part);
      const found = await lstat(path);
      const isLast = index === parts.length - 1;
      if (isLast ? !found.isFile() || found.size > LONGEST_SCRIPT : !found.isDirectory()) return undefined;
    }
    const bytes = await readBounded(path);
    const { text } = decode(bytes);
    return text.includes('\0') ? undefined : sourceText(path, text);
  } catch {
    return undefined; // not there, or not to be read
  }
}

/** Patterns of `.dockerignore` are seen from the context, not from every folder as those of git. */
async function isIgnored(dockerfile: string, file: string): Promise<boolean> {
  for (const path of [`${dockerfile}.dockerignore`, join(dirname(dockerfile), '.dockerignore')]) {
    try {
      if (!(await lstat(path)).isFile()) continue;
      const lines = decode(await readBounded(path)).text.split(/\r?\n/);
      const patterns = lines.filter((line) => line.trim() !== '' && !line.startsWith('#')).map(anchored);
      const { default: ignore } = await import('ignore');
      return ignore({ ignorecase: false }).add(patterns).ignores(file);
    } catch {
      continue; // none of that name
    }
  }
  return false;
}

function anchored(line: string): string {
  const [, bang = '', pattern = ''] = /^(!?)\s*\/*(.*)$/s.exec(line.trim()) ?? [];
  return `${bang}/${pattern.replace(/^\.\//, '')}`;
}
