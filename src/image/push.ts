import { distinctPlatforms, osAndArchitecture } from './platform.js';
import { hostReach } from '../net/host.js';
import { withTag, type ImageReference } from './reference.js';

/** How a local image gets to where nodes can pull it. */
export interface Push {
  /** The name that the job then has to use. */
  readonly name: string;
  readonly commands: readonly string[];
}

/** Stands for the one thing that is not known here; no shell and no registry takes it for a name. */
const ACCOUNT = '<your-docker-id>';

/**
 * Gives the lines that push an image of the local engine. A name that no registry of nodes can have (`wordcount`, which
 * means an official image; `localhost:5000/wordcount`) gets another; an image for the wrong platform is built anew.
 *
 * @param has platform of the local image, if known
 * @param wanted platforms of the nodes
 */
export function pushOf(reference: ImageReference, has: string | undefined, wanted: readonly string[]): Push {
  const tag = reference.tag ?? 'latest';
  const local = withTag(reference, tag);
  const official = reference.registry === 'docker.io' && reference.repository.startsWith('library/');
  const hasHome = !official && hostReach(reference.registry) === 'public';
  const lastPart = reference.repository.slice(reference.repository.lastIndexOf('/') + 1);
  const name = hasHome ? local : `${ACCOUNT}/${lastPart}:${tag}`;
  const platforms = distinctPlatforms(wanted);
  if (has !== undefined && !platforms.includes(osAndArchitecture(has))) {
    return { name, commands: [`docker buildx build --platform ${platforms.join(',')} -t ${name} --push .`] };
  }
  const retag = hasHome ? [] : [`docker tag ${local} ${name}`];
  return { name, commands: [...retag, `docker push ${name}`] };
}
