import type { ImageAccess, ImageName, LocalImage } from './facts.js';
import type { ImageReference } from './reference.js';
import { digestsIn } from './repo-digests.js';

/** Gives the reference that a node pulls; undefined for what is named by a local place or is no reference. */
export function pulledReference(image: ImageName | undefined): ImageReference | undefined {
  return image?.source === 'registry' ? image.reference : undefined;
}

/**
 * Says whether a pull sends the node's `DOCKER_USERNAME` and `DOCKER_PASSWORD`: only for a text with fewer than two
 * slashes, whatever its host (`pkg/docker/docker.go`, `getAuthToken`). `docker login` on the node has no effect.
 */
export function sendsNodeCredentials(reference: ImageReference): boolean {
  return reference.text.split('/').length < 3;
}

/**
 * Says whether an image is only in the local engine: the registry does not have it, or will not say so (Docker Hub)
 * and the engine knows no digest of that repository, which it would after a push or a pull.
 *
 * `maybe`: the engine keeps images in containerd (the default since Docker 29 and of Docker Desktop), where the ID is the
 * digest, and what was only built has one like what was pulled.
 */
export function onlyLocal(
  reference: ImageReference,
  access: ImageAccess | undefined,
  local: LocalImage | undefined,
): 'yes' | 'maybe' | 'no' {
  if (local?.present !== true) return 'no';
  if (access?.kind === 'missing') return 'yes';
  if (access?.kind !== 'private-or-missing') return 'no';
  const digests = digestsIn(reference, local.repoDigests);
  if (digests.length === 0) return 'yes';
  return digests.every((digest) => digest === local.id) ? 'maybe' : 'no';
}
