import type { Container } from 'dockerode';
import { CannotLook } from '../../net/failure.js';
import { streamSource } from '../archive/byte-source.js';
import type { ImageConfig } from '../facts.js';
import { filesFact } from '../layers/files-fact.js';
import type { Look, LookOptions } from '../look-options.js';
import { engineFailure, openEngine } from './client.js';
import type { Endpoint } from './endpoint.js';

/** Where the engine listens, what the look may do, and what it has cost so far. */
export interface EngineAccess {
  readonly endpoint: Endpoint;
  readonly options: LookOptions;
  readonly io: { requests: number; bytesRead: number };
}

/** Removed with the container, should anybody find one that a killed run left behind. */
const LABELS = { 'bacalhau-preflight': 'only to read files of its image; never started' };

/**
 * Learns the files of an image that the engine holds: from a container that is created, never started, and removed.
 * The engine streams its files; `docker save` would write the whole image to its disk first.
 *
 * @param image its ID, so that it is the one that was looked at
 */
export function engineFiles(
  image: string,
  config: ImageConfig,
  { endpoint, options, io }: EngineAccess,
): Promise<Pick<Look, 'facts' | 'missing'>> {
  const store = {
    who: 'the Docker engine',
    oneByOne: true,
    readEach: async (
      [key = '']: ReadonlySet<string>,
      visit: (key: string, content: ReturnType<typeof streamSource>) => Promise<void>,
      signal: AbortSignal,
    ): Promise<void> => {
      const engine = openEngine(endpoint, options.env);
      signal.addEventListener('abort', engine.close);
      let container: Container | undefined;
      /** A user who gives up waiting leaves no container behind either. */
      const interrupted = (name: NodeJS.Signals): void => {
        void removed(container?.id, endpoint, options).finally(() => process.kill(process.pid, name));
      };
      for (const name of SIGNALS) process.once(name, interrupted);
      try {
        io.requests += 3;
        // The command is never run; images without one need some.
        container = await engine.docker.createContainer({
          Image: image,
          Cmd: ['-'],
          Labels: LABELS,
          NetworkDisabled: true,
        });
        const files = await container.export();
        await visit(key, streamSource(counted(files, io)));
      } catch (error) {
        if (error instanceof CannotLook) throw error;
        if (signal.aborted)
          throw new CannotLook(`the Docker engine at ${endpoint.text} did not send all files in time`);
        throw engineFailure(error, endpoint) ?? new CannotLook('the Docker engine no longer has the image');
      } finally {
        signal.removeEventListener('abort', engine.close);
        for (const name of SIGNALS) process.off(name, interrupted);
        engine.close();
        await removed(container?.id, endpoint, options);
      }
    },
  };
  return filesFact({ config, layers: [{ key: image }] }, store, options);
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function* counted(stream: AsyncIterable<unknown>, io: { bytesRead: number }): AsyncGenerator {
  for await (const chunk of stream) {
    if (chunk instanceof Uint8Array) io.bytesRead += chunk.length;
    yield chunk;
  }
}

/** Removes the container with its volumes, over a connection of its own: the other one may have been cut. */
async function removed(id: string | undefined, endpoint: Endpoint, options: LookOptions): Promise<void> {
  if (id === undefined) return;
  const engine = openEngine(endpoint, options.env);
  try {
    await engine.docker.getContainer(id).remove({ force: true, v: true });
  } catch {
    // Gone already is as good; anything else leaves it behind, which its label tells.
  } finally {
    engine.close();
  }
}
