import { createHash } from 'node:crypto';
import { piecesOf, streamSource, type ByteSource } from '../archive/byte-source.js';
import { compressionOf, decompressed } from '../archive/decompress.js';
import { CannotLook } from '../../net/failure.js';
import type { FileQuestion, ImageConfig, ImageFiles } from '../facts.js';
import { openCollector } from './collect.js';
import { imageFiles } from './image-files.js';
import { findProgram } from './program.js';

/** A layer of an image, from the lowest up. */
export interface Layer {
  /** Names it for the store: a digest, or a path in an archive. */
  readonly key: string;
  /** Digest of its content as stored; absent where nobody says. */
  readonly digest?: string;
}

/** Where layers are read from. */
export interface LayerStore {
  /** For reasons: `the archive`. */
  readonly who: string;
  /** True when each layer can be had by itself; else all are read in one go. */
  readonly oneByOne: boolean;
  /** Hands out the content of layers, each once, in any order. Throws CannotLook. */
  readonly readEach: (
    keys: ReadonlySet<string>,
    visit: (key: string, content: ByteSource) => Promise<void>,
    signal: AbortSignal,
  ) => Promise<void>;
}

const DEFAULT_LAYERS_MS = 300_000;

/**
 * Reads the files of an image from its layers, each in one stream of which nothing is kept but names as hashes. From the
 * top down, and no further than needed, when only programs are asked for.
 *
 * @throws CannotLook when a layer is missing, damaged or endless
 */
export async function readLayers(
  layers: readonly Layer[],
  store: LayerStore,
  question: FileQuestion,
  about: Pick<ImageConfig, 'source' | 'platform'>,
  options: { readonly layersMs?: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<ImageFiles> {
  const { source, platform } = about;
  const limitMs = options.layersMs ?? DEFAULT_LAYERS_MS;
  const limit = AbortSignal.timeout(limitMs);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  const collector = openCollector(question.folders);
  const numbers = new Map(layers.map(({ key }, index) => [key, index + 1])); // a layer that is there twice counts where it is highest
  const digests = new Map(layers.map(({ key, digest }) => [key, digest]));
  const missing = new Set(numbers.keys());
  const visit = async (key: string, content: ByteSource): Promise<void> => {
    missing.delete(key);
    await readLayer(content, digests.get(key), store.who, signal, (plain) =>
      collector.addLayer(numbers.get(key) ?? 0, plain),
    );
  };
  const view = (isComplete: boolean): ImageFiles => imageFiles(collector.collected, { source, platform }, isComplete);
  const groups = store.oneByOne
    ? [...numbers.keys()].reverse().map((key) => new Set([key]))
    : [new Set(numbers.keys())];
  for (const keys of groups) {
    if (limit.aborted) throw new CannotLook(`its layers could not be read within ${limitMs / 1000} s`);
    await store.readEach(keys, visit, signal);
    for (const key of keys) if (missing.has(key)) throw new CannotLook(`${store.who} lacks the layer ${key}`);
    if (missing.size > 0 && isAnswered(view(false), question)) return view(false);
  }
  return view(true);
}

function isAnswered(files: ImageFiles, { folders, programs }: FileQuestion): boolean {
  return folders.length === 0 && programs.every((program) => findProgram(files, program).kind !== 'unknown');
}

/** Hands out the plain archive of a layer; what came compressed is compared with its digest at the end. */
async function readLayer(
  content: ByteSource,
  digest: string | undefined,
  who: string,
  signal: AbortSignal,
  take: (plain: ByteSource) => Promise<void>,
): Promise<void> {
  const kind = compressionOf(await content.peek(6));
  if (kind === undefined) return take(content);
  const algorithm = digest?.slice(0, digest.indexOf(':')) ?? 'sha256';
  const hash = createHash(algorithm);
  const hashed = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of piecesOf(content)) {
      hash.update(piece);
      yield piece;
    }
  };
  const plain = decompressed(hashed(), kind, signal);
  try {
    await take(streamSource(plain));
    // What follows the archive belongs to the digest as well.
    for await (const piece of plain) if (piece.length === 0) break;
  } finally {
    await plain.return(undefined);
  }
  for await (const piece of piecesOf(content)) hash.update(piece);
  const actual = `${algorithm}:${hash.digest('hex')}`;
  if (digest !== undefined && actual !== digest) {
    throw new CannotLook(`${who} lied about the digest of a layer (asked ${digest}, got ${actual})`);
  }
}
