import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** One image of fixtures/images: a name, and the config of each platform. */
interface FixtureImage {
  readonly name: string;
  readonly tag: string;
  readonly platforms: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const IMAGES: readonly FixtureImage[] = [
  {
    name: 'wordcount',
    tag: '1.5',
    platforms: ['linux/amd64', 'linux/arm64'],
    config: { Env: [PATH], Cmd: ['/bin/sh'], WorkingDir: '/', Labels: { 'org.opencontainers.image.version': '1.5' } },
  },
  {
    name: 'wordcount-arm64',
    tag: '1.4',
    platforms: ['linux/arm64'],
    config: { Env: [PATH], Cmd: ['/bin/sh'], WorkingDir: '/', User: '1000:1000' },
  },
];

/** Writes the OCI image layouts below fixtures/images; the same bytes every time. */
export function main(): void {
  for (const image of IMAGES) writeLayout(image);
}

function writeLayout(image: FixtureImage): void {
  const folder = `fixtures/images/${image.name}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/blobs/sha256`, { recursive: true });
  const blob = (mediaType: string, data: Buffer): { mediaType: string; digest: string; size: number } => {
    const hash = createHash('sha256').update(data).digest('hex');
    writeFileSync(`${folder}/blobs/sha256/${hash}`, data);
    return { mediaType, digest: `sha256:${hash}`, size: data.length };
  };
  const json = (mediaType: string, value: unknown): ReturnType<typeof blob> =>
    blob(mediaType, Buffer.from(JSON.stringify(value)));
  const emptyTar = Buffer.alloc(1024);
  const layer = blob('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(emptyTar));
  const manifests = image.platforms.map((platform) => {
    const [os, architecture] = platform.split('/');
    const config = json('application/vnd.oci.image.config.v1+json', {
      created: '2026-01-01T00:00:00Z',
      os,
      architecture,
      config: image.config,
      rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update(emptyTar).digest('hex')}`] },
    });
    const manifest = json('application/vnd.oci.image.manifest.v1+json', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config,
      layers: [layer],
    });
    return { ...manifest, platform: { os, architecture } };
  });
  const [only] = manifests;
  const top =
    manifests.length > 1
      ? json('application/vnd.oci.image.index.v1+json', {
          schemaVersion: 2,
          mediaType: 'application/vnd.oci.image.index.v1+json',
          manifests,
        })
      : only;
  const annotations = { 'org.opencontainers.image.ref.name': image.tag };
  writeFileSync(`${folder}/index.json`, JSON.stringify({ schemaVersion: 2, manifests: [{ ...top, annotations }] }));
  writeFileSync(`${folder}/oci-layout`, '{"imageLayoutVersion":"1.0.0"}');
}
