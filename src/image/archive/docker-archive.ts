import { readConfig } from '../config.js';
import { MOST_JSON_BYTES } from '../describe.js';
import { digestOf } from '../digest.js';
import { CannotLook } from '../../net/failure.js';
import type { ImageConfig } from '../facts.js';
import { asList, asObject, asText, asTexts, parseJson } from '../json.js';
import { lookAtLayout, sameImage, type ArchiveLook, type LayoutQuestion } from './layout.js';
import { treePath, type FileTree } from './tree.js';

/** One image of `manifest.json` as `docker save` writes it (moby, `image/tarexport`). */
interface SavedImage {
  readonly config: string;
  readonly repoTags: readonly string[];
  readonly layers: readonly string[];
}

/**
 * Reads an image from what `docker save` wrote: `manifest.json` with a config and layers beside it, in the old form or,
 * since Docker 25, inside an OCI layout.
 *
 * @throws CannotLook when the image is not there
 */
export async function lookAtDockerArchive(tree: FileTree, question: LayoutQuestion): Promise<ArchiveLook> {
  const bytes = await tree.read('manifest.json', MOST_JSON_BYTES);
  if (bytes === undefined) {
    const isLayout = (await tree.read('oci-layout', MOST_JSON_BYTES)) !== undefined;
    if (isLayout) return lookAtLayout(tree, question);
    throw new CannotLook('it has no manifest.json, so "docker save" did not write it');
  }
  const image = chooseImage(savedImages(bytes), question.tag);
  const config = await readSavedConfig(image, tree);
  const { platform, size } = config;
  const entry = { platform, ...(size === undefined ? {} : { size }) };
  return {
    facts: {
      ...(question.wanted.has('image.platforms')
        ? { 'image.platforms': { source: question.source, kind: 'manifest', platforms: [entry] } }
        : {}),
      ...(question.wanted.has('image.config') ? { 'image.config': config } : {}),
    },
    missing: {},
    inside: { config, layers: image.layers.map((layer) => ({ key: treePath(layer) ?? layer })) },
  };
}

function savedImages(bytes: Buffer): SavedImage[] {
  return asList(parseJson(bytes, 'manifest.json')).map((item) => {
    const json = asObject(item);
    const config = treePath(asText(json?.Config) ?? '');
    if (config === undefined || config === '') throw new CannotLook('manifest.json names no valid config');
    return { config, repoTags: asTexts(json?.RepoTags), layers: asTexts(json?.Layers) };
  });
}

function chooseImage(images: readonly SavedImage[], tag: string | undefined): SavedImage {
  const matches =
    tag === undefined ? images : images.filter((image) => image.repoTags.some((name) => sameImage(name, tag)));
  const [first, ...others] = matches;
  if (first !== undefined && others.length === 0) return first;
  const names = images
    .flatMap((image) => image.repoTags)
    .slice(0, 5)
    .join(', ');
  if (first !== undefined) throw new CannotLook(`it holds ${images.length} images; say which, after a colon: ${names}`);
  throw new CannotLook(tag === undefined ? 'it holds no image' : `it holds no image "${tag}", only ${names}`);
}

async function readSavedConfig(image: SavedImage, tree: FileTree): Promise<ImageConfig> {
  const bytes = await tree.read(image.config, MOST_JSON_BYTES);
  if (bytes === undefined) throw new CannotLook(`the archive lacks the image config ${image.config}`);
  const sizes = image.layers.map((layer) => tree.sizeOf(treePath(layer) ?? ''));
  const known = sizes.filter((size) => size !== undefined);
  const size = known.length === sizes.length ? { size: known.reduce((sum, one) => sum + one, 0) } : {};
  const layers = sizes.map((one) => (one === undefined ? {} : { size: one }));
  return readConfig(bytes, { source: 'docker-archive', digest: digestOf(bytes), ...size, layers });
}
