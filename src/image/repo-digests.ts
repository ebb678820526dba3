import { familiarRepository, parseReference, type ImageReference } from './reference.js';

/**
 * Gives the digests under which the registry of a repository knows an image of the local engine.
 *
 * @param repoDigests as the engine lists them: `acme/wordcount@sha256:…`; Podman writes `docker.io/acme/wordcount@sha256:…`
 */
export function digestsIn(reference: ImageReference, repoDigests: readonly string[]): string[] {
  const repository = familiarRepository(reference);
  return repoDigests.flatMap((entry) => {
    const parsed = parseReference(entry);
    if (!parsed.ok || parsed.reference.digest === undefined) return [];
    return familiarRepository(parsed.reference) === repository ? [parsed.reference.digest] : [];
  });
}
