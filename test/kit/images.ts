import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Content with its address. */
export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Buffer;
}

/** An image or an index of images, small enough to be built without an engine. */
export interface TestImage {
  /** What a tag points to: a manifest or an index. */
  readonly root: Blob;
  /** Every manifest and index, children before parents. */
  readonly manifests: readonly Blob[];
  /** Configs and layers. */
  readonly blobs: readonly Blob[];
}

export interface ImageOptions {
  readonly platform?: string;
  /** The `config` object of the image config. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Files of the only layer, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Layers from the lowest, in place of `files`. */
  readonly layers?: readonly (readonly LayerEntry[])[];
  /** Media types of Docker instead of OCI. */
  readonly docker?: boolean;
  readonly created?: string;
}

const OCI = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};
const DOCKER = {
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
};

/** Builds an image of one platform with one layer. The same options give the same digests. */
export function image(options: ImageOptions = {}): TestImage {
  const types = options.docker === true ? DOCKER : OCI;
  const tars = options.layers?.map(layerTar) ?? [tarOf(options.files ?? { 'hello.txt': 'hello\n' })];
  const layers = tars.map((tar) => blobOf(types.layer, gzipSync(tar)));
  const [os, architecture, variant] = (options.platform ?? 'linux/amd64').split('/');
  const config = jsonBlob(types.config, {
    created: options.created ?? '2024-01-02T03:04:05Z',
    architecture,
    os,
    ...(variant === undefined ? {} : { variant }),
    config: options.config ?? { Cmd: ['/bin/sh'] },
    rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
    history: tars.map(() => ({ created_by: 'test' })),
  });
  const root = jsonBlob(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptor(config),
    layers: layers.map(descriptor),
  });
  return { root, manifests: [root], blobs: [config, ...layers] };
}

export interface IndexOptions {
  readonly docker?: boolean;
  /** Adds an attestation entry for each image, as BuildKit does. */
  readonly attestations?: boolean;
}

/** Joins images of several platforms in an index. */
export function indexOf(images: Readonly<Record<string, TestImage>>, options: IndexOptions = {}): TestImage {
  const types = options.docker === true ? DOCKER : OCI;
  const parts = Object.entries(images);
  const entries = parts.map(([platform, part]) => {
    const [os, architecture, variant] = platform.split('/');
    return { ...descriptor(part.root), platform: { os, architecture, ...(variant === undefined ? {} : { variant }) } };
  });
  const attestations = options.attestations === true ? parts.map(([, part]) => attestationFor(part)) : [];
  const root = jsonBlob(types.index, {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: [...entries, ...attestations.map(({ entry }) => entry)],
  });
  const all = [...parts.map(([, part]) => part), ...attestations.map(({ part }) => part)];
  return {
    root,
    manifests: [...all.flatMap((part) => part.manifests), root],
    blobs: all.flatMap((part) => part.blobs),
  };
}

function attestationFor(of: TestImage): { part: TestImage; entry: object } {
  const statement = blobOf('application/vnd.in-toto+json', Buffer.from('{}'));
  const config = jsonBlob(OCI.config, { architecture: 'unknown', os: 'unknown', config: {}, rootfs: {} });
  const root = jsonBlob(OCI.manifest, {
    schemaVersion: 2,
    mediaType: OCI.manifest,
    config: descriptor(config),
    layers: [descriptor(statement)],
  });
  const annotations = {
    'vnd.docker.reference.digest': of.root.digest,
    'vnd.docker.reference.type': 'attestation-manifest',
  };
  const entry = { ...descriptor(root), annotations, platform: { architecture: 'unknown', os: 'unknown' } };
  return { part: { root, manifests: [root], blobs: [config, statement] }, entry };
}

export function descriptor(blob: Blob): { mediaType: string; digest: string; size: number } {
  return { mediaType: blob.mediaType, digest: blob.digest, size: blob.bytes.length };
}

export function jsonBlob(mediaType: string, value: unknown): Blob {
  return blobOf(mediaType, Buffer.from(JSON.stringify(value)));
}

export function blobOf(mediaType: string, bytes: Buffer): Blob {
  return { mediaType, digest: digestOf(bytes), bytes };
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Files of an OCI layout by path; each tag names an image. */
export function layoutFiles(images: Readonly<Record<string, TestImage>>): Record<string, Buffer> {
  const files: Record<string, Buffer> = { 'oci-layout': Buffer.from('{"imageLayoutVersion":"1.0.0"}') };
  const manifests = Object.entries(images).map(([tag, { root }]) => ({
    ...descriptor(root),
    ...(tag === '' ? {} : { annotations: { 'org.opencontainers.image.ref.name': tag } }),
  }));
  files['index.json'] = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI.index, manifests }));
  for (const part of Object.values(images)) {
    for (const blob of [...part.manifests, ...part.blobs]) files[`blobs/${blob.digest.replace(':', '/')}`] = blob.bytes;
  }
  return files;
}

/** Files of what `docker save` wrote before Docker 25, by path; each name is a `repository:tag`. */
export function savedFiles(images: Readonly<Record<string, TestImage>>): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  const list = Object.entries(images).map(([name, { blobs }]) => {
    const [config, ...layers] = blobs;
    if (config === undefined) throw new Error('an image has a config');
    const configName = `${config.digest.slice('sha256:'.length)}.json`;
    const layerNames = layers.map(({ digest, bytes }) => {
      const layerName = `${digest.slice('sha256:'.length)}/layer.tar`;
      files[layerName] = bytes;
      return layerName;
    });
    files[configName] = config.bytes;
    return { Config: configName, RepoTags: name === '' ? null : [name], Layers: layerNames };
  });
  files['manifest.json'] = Buffer.from(JSON.stringify(list));
  return files;
}

export async function writeFiles(folder: string, files: Readonly<Record<string, Buffer>>): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    const full = join(folder, path);
    await mkdir(join(full, '..'), { recursive: true });
    await writeFile(full, bytes);
  }
}

/** Gives a tar file (ustar) with these files, in this order. */
export function tarOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const blocks = Object.entries(files).flatMap(([path, content]) => tarEntry(path, Buffer.from(content)));
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** One entry of a layer; a plain file unless `type` says something else, as in a tar header. */
export interface LayerEntry {
  readonly path: string;
  readonly content?: string | Buffer;
  readonly type?: string;
  readonly link?: string;
  readonly mode?: number;
}

/** Gives the tar file of a layer. */
export function layerTar(entries: readonly LayerEntry[]): Buffer {
  const blocks = entries.flatMap(({ path, content = '', type = '0', link = '', mode = 0o644 }) => {
    const [header = Buffer.alloc(512), ...rest] = tarEntry(path, Buffer.from(content), type, link);
    header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
    return [withChecksum(header), ...rest];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** A tar file, in gzip, as the `data:` URL of an inline input. */
export function dataUrl(tar: Buffer): string {
  return `data:application/gzip;base64,${gzipSync(tar).toString('base64')}`;
}

const MACHINES = { amd64: 62, arm64: 183, '386': 3 } as const;

/** The beginning of a 64-bit ELF program, with or without a dynamic loader. */
export function elfFile(architecture: keyof typeof MACHINES, loader?: string): Buffer {
  const header = Buffer.alloc(64 + 56);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(2, 16);
  header.writeUInt16LE(MACHINES[architecture], 18);
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(56, 54);
  if (loader === undefined) return header;
  const path = Buffer.from(`${loader}\0`);
  header.writeUInt16LE(1, 56);
  header.writeUInt32LE(3, 64);
  header.writeBigUInt64LE(BigInt(header.length), 64 + 8);
  header.writeBigUInt64LE(BigInt(path.length), 64 + 32);
  return Buffer.concat([header, path]);
}

/** Header, content and padding of one entry; `type` as in the header. */
export function tarEntry(path: string, content: Buffer, type = '0', link = ''): Buffer[] {
  const header = Buffer.alloc(512);
  header.write(path.slice(0, 100), 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(type, 156);
  header.write(link.slice(0, 100), 157);
  header.write('ustar\x0000', 257, 'latin1');
  return [withChecksum(header), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}

/** Writes the checksum into a header block. */
export function withChecksum(header: Buffer): Buffer {
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
