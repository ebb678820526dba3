import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { streamSource, type ByteSource } from '../../src/image/archive/byte-source.js';
import { readLayers } from '../../src/image/layers/read-layers.js';
import type { ImageFiles } from '../../src/image/facts.js';
import { layerTar, type LayerEntry } from '../kit/images.js';

/** A file system that layers are unpacked into one after the other, the plain way: path → kind. */
type Model = Map<string, 'file' | 'folder'>;

const NAMES = ['a', 'b', 'c'];
const path = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const entry: fc.Arbitrary<LayerEntry> = fc.oneof(
  { weight: 5, arbitrary: path.map((at) => ({ path: at })) },
  { weight: 2, arbitrary: path.map((at) => ({ path: `${at}/`, type: '5' })) },
  { weight: 2, arbitrary: path.map((at) => ({ path: at.replace(/[^/]+$/, '.wh.$&') })) },
  { weight: 1, arbitrary: path.map((at) => ({ path: `${at}/.wh..wh..opq` })) },
);

/** A layer as an engine makes it: each path once, nothing below a file or what is removed, folders before what lies in them. */
const layer = fc.uniqueArray(entry, { selector: (one) => bare(one.path), maxLength: 6 }).map((entries) => {
  const ends = new Set(entries.filter((one) => isPlain(one) || isRemoval(one)).map((one) => bare(one.path)));
  const kept = entries.filter((one) => !foldersOf(bare(one.path)).some((folder) => ends.has(folder)));
  const listed = new Set(kept.map((one) => one.path));
  const folders = new Set(
    kept
      .flatMap((one) => [...foldersOf(bare(one.path)), ...(isOpaque(one) ? [bare(one.path)] : [])])
      .map((at) => `${at}/`),
  );
  const more = [...folders].filter((at) => !listed.has(at)).map((at): LayerEntry => ({ path: at, type: '5' }));
  return [...more, ...kept].toSorted((one, other) => (one.path < other.path ? -1 : 1));
});

function foldersOf(at: string): string[] {
  const parts = at.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function isOpaque({ path: at }: LayerEntry): boolean {
  return at.endsWith('.wh..wh..opq');
}

function isRemoval(one: LayerEntry): boolean {
  return one.path.includes('.wh.') && !isOpaque(one);
}

function bare(at: string): string {
  return at.replace('/.wh..wh..opq', '').replace('.wh.', '').replace(/\/$/, '');
}

function isPlain({ path: at, type }: LayerEntry): boolean {
  return type === undefined && !at.includes('.wh.');
}

function apply(model: Model, entries: readonly LayerEntry[]): Model {
  const next = new Map(model);
  const removeBelow = (folder: string): void => {
    for (const at of next.keys()) if (at.startsWith(`${folder}/`)) next.delete(at);
  };
  for (const one of entries) {
    const at = bare(one.path);
    if (isRemoval(one) || isOpaque(one)) removeBelow(at);
    if (isRemoval(one)) next.delete(at);
  }
  for (const one of entries) {
    const at = bare(one.path);
    if (one.type === '5') next.set(at, 'folder');
    if (!isPlain(one)) continue;
    removeBelow(at);
    next.set(at, 'file');
  }
  return next;
}

async function read(layers: readonly (readonly LayerEntry[])[], oneByOne: boolean): Promise<ImageFiles> {
  const tars = layers.map((entries) => layerTar(entries));
  const readEach = async (
    keys: ReadonlySet<string>,
    visit: (key: string, content: ByteSource) => Promise<void>,
  ): Promise<void> => {
    for (const key of keys) await visit(key, streamSource(piecesOf(tars[Number(key)] ?? Buffer.alloc(0))));
  };
  const about = { source: 'oci', platform: 'linux/amd64' } as const;
  const store = { who: 'the test', oneByOne, readEach };
  return readLayers(
    tars.map((_, index) => ({ key: String(index) })),
    store,
    { folders: ['/'], programs: [] },
    about,
    {},
  );
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

test('layers say of every file what unpacking them one after the other leaves, in whichever order they come', async () => {
  const everywhere = NAMES.flatMap((a) => [
    a,
    ...NAMES.flatMap((b) => [`${a}/${b}`, ...NAMES.map((c) => `${a}/${b}/${c}`)]),
  ]);
  const layers = fc.array(layer, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(layers, fc.boolean(), async (given, oneByOne) => {
      const model = given.reduce(apply, new Map());
      const files = await read(given, oneByOne);
      for (const at of everywhere) {
        const isFile = files.stat(`/${at}`).kind === 'file';
        expect({ at, isFile }).toEqual({ at, isFile: model.get(at) === 'file' });
      }
      const expected = [...model].filter(([, kind]) => kind === 'file').map(([at]) => `/${at}`);
      expect(files.below('/')?.paths.toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 400 },
  );
});
