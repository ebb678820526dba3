import { describe, factsOf, MOST_JSON_BYTES, type ContentReader } from '../describe.js';
import { verifyDigest } from '../digest.js';
import { CannotLook } from '../../net/failure.js';
import type { ImageSource } from '../facts.js';
import type { ImageInside } from '../layers/files-fact.js';
import type { ImageFactName, Look } from '../look-options.js';
import { isImageEntry, parseManifest, type Descriptor, type Manifest } from '../manifest.js';
import { parseReference, type ImageReference } from '../reference.js';
import type { FileTree } from './tree.js';

/** Annotations that name an image in `index.json`: OCI's own, and the full name that containerd and BuildKit write. */
const TAG_ANNOTATION = 'org.opencontainers.image.ref.name';
const NAME_ANNOTATION = 'io.containerd.image.name';

/** Which image of a layout, for whom, and what of it. */
export interface LayoutQuestion {
  readonly source: ImageSource;
  /** Tag or name inside the layout; absent when it holds one image only. */
  readonly tag: string | undefined;
  readonly wanted: ReadonlySet<ImageFactName>;
  readonly platforms: readonly string[];
}

/** What was learned of an image in a file, and where its layers lie when its config could be read. */
export interface ArchiveLook extends Pick<Look, 'facts' | 'missing'> {
  readonly inside?: ImageInside;
}

/** Reads an image from an OCI layout (OCI image spec 1.1, image-layout.md). Throws CannotLook when it is not there. */
export async function lookAtLayout(tree: FileTree, question: LayoutQuestion): Promise<ArchiveLook> {
  const bytes = await tree.read('index.json', MOST_JSON_BYTES);
  if (bytes === undefined) throw new CannotLook(`${tree.what} has no index.json, so it is no OCI layout`);
  const index = parseManifest(bytes);
  if (index.kind !== 'index') throw new CannotLook('index.json is not an image index');
  const reader = layoutReader(tree, question.source);
  const root = await rootOf(index, question.tag, reader);
  const wantsConfig = question.wanted.has('image.config') || question.wanted.has('image.files');
  const description = await describe(root, reader, { platforms: question.platforms, anyPlatform: true, wantsConfig });
  const { config, layers } = description;
  const learned = factsOf(description, question.wanted);
  if ('reason' in config || layers === undefined) return learned;
  return { ...learned, inside: { config, layers: layers.map(({ digest }) => ({ key: blobPath(digest), digest })) } };
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

type Root = Parameters<typeof describe>[0];

async function rootOf(
  index: Manifest & { kind: 'index' },
  tag: string | undefined,
  reader: ContentReader,
): Promise<Root> {
  const chosen = chooseEntry(index.manifests, tag);
  if (chosen === undefined) return { manifest: index };
  const bytes = await reader.readManifest(chosen);
  verifyDigest(bytes, chosen.digest, reader.who);
  return { digest: chosen.digest, manifest: parseManifest(bytes, chosen.mediaType) };
}

/** Gives the entry that is meant; undefined when the platforms of one image stand side by side in `index.json`. */
function chooseEntry(entries: readonly Descriptor[], tag: string | undefined): Descriptor | undefined {
  const images = entries.filter((entry) => entry.platform === undefined || isImageEntry(entry));
  const named = tag === undefined ? images : images.filter((entry) => isNamed(entry, tag));
  const [first, ...others] = named;
  if (first === undefined) throw new CannotLook(noImage(images, tag));
  if (others.length === 0) return first;
  const names = new Set(named.map((entry) => entry.annotations[TAG_ANNOTATION]));
  if (names.size === 1 && named.every((entry) => entry.platform !== undefined)) return undefined;
  throw new CannotLook(`it holds ${images.length} images; say which, after a colon: ${namesOf(images)}`);
}

function noImage(images: readonly Descriptor[], tag: string | undefined): string {
  if (tag === undefined) return 'index.json names no image';
  const names = namesOf(images);
  return `it holds no image "${tag}"${names === '' ? '' : `, only ${names}`}`;
}

const MOST_NAMES = 5;

function namesOf(images: readonly Descriptor[]): string {
  const names = images.map((entry) => entry.annotations[TAG_ANNOTATION] ?? entry.annotations[NAME_ANNOTATION]);
  return names
    .filter((name) => name !== undefined)
    .slice(0, MOST_NAMES)
    .join(', ');
}

function isNamed(entry: Descriptor, tag: string): boolean {
  const names = [entry.annotations[TAG_ANNOTATION], entry.annotations[NAME_ANNOTATION]];
  return names.includes(tag) || entry.digest === tag || sameImage(entry.annotations[NAME_ANNOTATION], tag);
}

/** Whether two texts name the same image, `app:1` being short for `docker.io/library/app:1`. */
export function sameImage(one: string | undefined, other: string): boolean {
  const key = ({ registry, repository, tag, digest }: ImageReference): string =>
    digest ?? `${registry}/${repository}:${tag ?? 'latest'}`;
  const first = parseReference(one ?? '');
  const second = parseReference(other);
  return first.ok && second.ok && key(first.reference) === key(second.reference);
}

function layoutReader(tree: FileTree, source: ImageSource): ContentReader {
  const read = async ({ digest, size }: Descriptor): Promise<Buffer> => {
    if (size > MOST_JSON_BYTES) throw new CannotLook(`${digest} in ${tree.what} is ${size} bytes long`);
    const bytes = await tree.read(blobPath(digest), size);
    if (bytes === undefined) throw new CannotLook(`${tree.what} lacks ${digest}`);
    return bytes;
  };
  return { source, who: tree.what, readManifest: read, readBlob: read };
}
