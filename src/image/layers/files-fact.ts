import { reasonOf } from '../../net/failure.js';
import type { ImageConfig } from '../facts.js';
import type { Look, LookOptions } from '../look-options.js';
import { readLayers, type Layer, type LayerStore } from './read-layers.js';

/** An image whose files can be read: its config, and its layers from the lowest. */
export interface ImageInside {
  readonly config: ImageConfig;
  readonly layers: readonly Layer[];
}

/** Learns the fact `image.files`, or why it cannot be learned. */
export async function filesFact(
  { config, layers }: ImageInside,
  store: LayerStore,
  options: Pick<LookOptions, 'askFiles' | 'layersMs' | 'signal'>,
): Promise<Pick<Look, 'facts' | 'missing'>> {
  try {
    const question = (await options.askFiles?.(config)) ?? { folders: [], programs: [] };
    return { facts: { 'image.files': await readLayers(layers, store, question, config, options) }, missing: {} };
  } catch (error) {
    return { facts: {}, missing: { 'image.files': reasonOf(error) } };
  }
}
