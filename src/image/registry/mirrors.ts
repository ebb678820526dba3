import { reasonOf } from '../../net/failure.js';
import type { Transport } from '../../net/transport.js';
import { NO_IO, sumOfIo, type IoStats } from '../../stats/stats.js';
import { MOST_JSON_BYTES } from '../describe.js';
import { isContentOf } from '../digest.js';
import type { ImageReference } from '../reference.js';
import { ACCEPTED_TYPES } from './access.js';
import { openSession, type Session, type SessionOptions } from './session.js';

/**
 * Mirrors of Docker Hub that the user's own Docker uses too. They are asked for content by its digest, after Docker Hub
 * said which: a node without the mirror gets the same. What a tag names, and who may pull, is never theirs to say.
 */
export interface Mirrors {
  readonly isEmpty: boolean;
  /** Gives what a digest names; undefined when no mirror has it. */
  readonly manifest: (digest: string) => Promise<Buffer | undefined>;
  readonly blob: (digest: string) => Promise<Buffer | undefined>;
  readonly cost: () => IoStats;
  readonly close: () => void;
}

export interface MirrorOptions extends Pick<SessionOptions, 'remainingMs' | 'signal' | 'wait'> {
  readonly transportFor: (host: string) => Transport;
}

/** @param mirrors URLs; what is none, or holds more than scheme and host, is passed over as Docker does */
export function openMirrors(mirrors: readonly string[], reference: ImageReference, options: MirrorOptions): Mirrors {
  const opened = mirrors.flatMap((mirror) => {
    const url = mirrorUrl(mirror);
    return url === undefined ? [] : [openMirror(url, reference, options)];
  });
  const read = async (path: string, digest: string): Promise<Buffer | undefined> => {
    for (const { session } of opened) {
      const bytes = await contentFrom(session, `${path}/${digest}`);
      if (bytes !== undefined && isContentOf(bytes, digest)) return bytes;
    }
    return undefined;
  };
  const costOf = ({ transport: { count } }: Mirror): IoStats => ({
    ...NO_IO,
    requests: count.requests,
    bytesRead: count.bytes,
  });
  return {
    isEmpty: opened.length === 0,
    manifest: (digest) => read('manifests', digest),
    blob: (digest) => read('blobs', digest),
    cost: () => sumOfIo(opened.map(costOf)),
    close: () => {
      for (const { transport } of opened) transport.close();
    },
  };
}

interface Mirror {
  readonly transport: Transport;
  readonly session: Session;
}

function mirrorUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.username === '' && url.pathname === '/' && url.search === '' && url.hash === '';
  return isPlain && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined;
}

function openMirror(url: URL, reference: ImageReference, options: MirrorOptions): Mirror {
  const transport = options.transportFor(url.host);
  const session = openSession({
    ...options,
    transport,
    reference: { ...reference, registry: url.host },
    credentials: undefined,
    challenge: undefined,
    insecure: url.protocol === 'http:',
  });
  return { transport, session };
}

/** A mirror that fails, lies or has nothing is as good as none. */
async function contentFrom(session: Session, path: string): Promise<Buffer | undefined> {
  try {
    const accept = path.startsWith('blobs/') ? '*/*' : ACCEPTED_TYPES;
    const { status, response } = await session.get(path, accept, MOST_JSON_BYTES);
    return status === 200 ? response.body : undefined;
  } catch (error) {
    reasonOf(error);
    return undefined;
  }
}
