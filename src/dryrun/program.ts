import type Docker from 'dockerode';
import { extract } from 'tar-stream';
import { resolvePath } from '../text/posix-path.js';
import type { NotStarted } from '../workload/run-evidence.js';

/**
 * Looks at the program that a starter could not find, although it is there: its first line names an interpreter that is
 * not, often because it ends in a carriage return.
 */
export async function whyNotFound(
  container: Docker.Container,
  failure: NotStarted,
  command: readonly string[],
): Promise<NotStarted> {
  if (failure.cause !== 'no-interpreter') return failure;
  const program = failure.about ?? command[0] ?? '';
  const { Config } = await container.inspect();
  const path = program.includes('/') ? resolvePath(resolvePath('/', Config.WorkingDir), program) : undefined;
  const firstLine = path === undefined ? undefined : await firstLineOf(container, path);
  const interpreter = /^#!\s*(\S+)/.exec(firstLine ?? '')?.[1];
  if (firstLine?.startsWith('#!') === true && firstLine.endsWith('\r')) {
    return { ...failure, cause: 'carriage-return', about: program };
  }
  return {
    ...failure,
    ...(interpreter === undefined ? { about: program } : { about: `${program} (#!${interpreter})` }),
  };
}

/** A first line that is longer names no interpreter (Linux takes 256 bytes of it). */
const MOST_LINE = 512;

async function firstLineOf(container: Docker.Container, path: string): Promise<string | undefined> {
  const tar = extract();
  try {
    (await container.getArchive({ path })).pipe(tar);
    for await (const entry of tar) {
      if (entry.header.type !== 'file') return undefined;
      let text = '';
      for await (const chunk of entry) {
        text += Buffer.isBuffer(chunk) ? chunk.toString('latin1') : '';
        if (text.length > MOST_LINE || text.includes('\n')) break;
      }
      return text.split('\n', 1)[0]?.slice(0, MOST_LINE);
    }
  } catch {
    // it is not there, or not to be read: then nothing more is known
  } finally {
    tar.destroy();
  }
  return undefined;
}
