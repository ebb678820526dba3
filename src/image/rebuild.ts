import type { ImageName } from './facts.js';
import { newTag } from './new-tag.js';
import { distinctPlatforms } from './platform.js';
import { pushOf } from './push.js';
import { withTag } from './reference.js';

/**
 * Gives the line that builds an image for the platforms that are wanted and for those it has already, and puts it
 * where it was found: to the registry under a new tag, or into the archive or layout.
 *
 * @returns undefined for Docker's official images, which a user cannot push, and for image IDs
 */
export function rebuildCommand(
  image: ImageName,
  wanted: readonly string[],
  has: readonly string[],
): string | undefined {
  const all = distinctPlatforms([...wanted, ...has.filter((platform) => platform.startsWith('linux/'))]).join(',');
  const file = shellWord(`dest=${image.file ?? ''}`);
  switch (image.source) {
    case 'docker-archive':
      // Buildx writes this format for one platform at a time.
      return `docker buildx build --platform ${wanted[0] ?? all} --output type=docker,${file} .`;
    case 'oci-archive':
      return `docker buildx build --platform ${all} --output type=oci,${file} .`;
    case 'oci':
      return `docker buildx build --platform ${all} --output type=oci,tar=false,${file} .`;
    case 'registry':
    case 'docker-daemon': {
      const { reference, source } = image;
      if (reference === undefined) return undefined;
      const official = isOfficial(reference.registry, reference.repository);
      if (official && source === 'registry') return undefined;
      // In the engine it is the user's own build, with a name that nobody else can have.
      const name = official ? pushOf(reference, undefined, wanted).name : withTag(reference, newTag(reference.tag));
      return `docker buildx build --platform ${all} -t ${name} --push .`;
    }
  }
}

function isOfficial(registry: string, repository: string): boolean {
  return registry === 'docker.io' && repository.startsWith('library/');
}

/** Quotes a path for a POSIX shell where it needs it. */
function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
