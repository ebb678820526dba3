import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { streamSource } from '../../src/image/archive/byte-source.js';
import { readTar } from '../../src/image/archive/tar-entries.js';
import { lookAtImage, type LookOptions } from '../../src/image/look.js';
import { parseImageName } from '../../src/image/name.js';
import { CannotLook } from '../../src/net/failure.js';
import { image, layerTar, layoutFiles, savedFiles, tarOf } from '../kit/images.js';
import { holds, type FuzzTarget } from './fuzz.js';
import { mutateTar } from './mutate-tar.js';

const WANTED = ['image.platforms', 'image.config', 'image.files'] as const;
const OPTIONS: LookOptions = {
  platforms: ['linux/amd64'],
  offline: true,
  env: {},
  credentials: false,
  insecureRegistries: [],
  askFiles: () => ({ folders: ['/', '/app'], programs: [] }),
};

/** Archives as files, with their layers, and their entries as a stream. */
export const TAR: FuzzTarget = { seeds: seeds(), run: runTar, mutate: mutateTar, runs: 500 };

function seeds(): Buffer[] {
  const layers = [
    [{ path: 'app/run', mode: 0o755, content: '#!/bin/sh\n' }],
    [{ path: 'app/link', type: '2', link: '../etc' }, { path: 'etc/.wh.motd' }, { path: 'app/.wh..wh..opq' }],
  ];
  const app = image({ layers });
  const saved = tarOf(savedFiles({ 'app:1': app }));
  const layout = tarOf(layoutFiles({ '1': app }));
  return [saved, layout, layerTar(layers.flat()), gzipSync(saved), gzipSync(layout)];
}

async function runTar(bytes: Buffer): Promise<void> {
  await runEntries(bytes);
  const file = join(tmpdir(), `preflight-fuzz-${String(process.pid)}.tar`);
  await writeFile(file, bytes);
  try {
    for (const kind of ['docker-archive', 'oci-archive']) await runArchive(`${kind}:${file}`, bytes.length);
  } finally {
    await rm(file);
  }
}

async function runEntries(bytes: Buffer): Promise<void> {
  let taken = 0;
  try {
    await readTar(streamSource(pieces(bytes)), async ({ size, content }) => {
      holds(Number.isSafeInteger(size) && size >= 0, 'a size is none');
      const read = await content.read(Math.min(size + 1, bytes.length + 1));
      holds(read.length <= size, 'an entry gives more than is its own');
      taken += read.length;
    });
  } catch (error) {
    if (!(error instanceof CannotLook)) throw error;
  }
  holds(taken <= bytes.length, 'entries give bytes twice');
}

async function runArchive(name: string, length: number): Promise<void> {
  const { facts, missing, problem, stats } = await lookAtImage(parseImageName(name), new Set(WANTED), OPTIONS);
  for (const fact of WANTED) {
    const reason = missing[fact] ?? problem;
    holds(facts[fact] !== undefined || reason !== undefined, `there is neither ${fact} nor a reason`);
    holds(reason === undefined || reason.length < 1000, 'the reason is as long as the input');
  }
  // once for the headers and small files, once for the layers
  holds(stats.bytesRead <= 2 * length, 'more is read than two times the file');
  const files = facts['image.files'];
  if (files === undefined) return;
  const below = files.below('/')?.paths ?? [];
  for (const path of below) {
    holds(path.startsWith('/') && !path.split('/').includes('..'), 'a path leaves the image');
    files.stat(path);
  }
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 700) yield await Promise.resolve(bytes.subarray(at, at + 700));
}
