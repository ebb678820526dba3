import type { ImageName, ImageSource } from './facts.js';
import { parseReference, type ImageReference } from './reference.js';

/**
 * Takes an image as a user names it and gives the place to look, in the words of containers-image's transports:
 * `docker-daemon:NAME`, `docker-archive:FILE[:REF]`, `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`, `docker://REF`;
 * a text without one of these is a reference for a registry. Never throws and looks at no file.
 */
export function parseImageName(text: string): ImageName {
  if (text.startsWith('docker://')) return named(text, 'registry', text.slice('docker://'.length));
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  switch (text.slice(0, Math.max(0, colon))) {
    case 'docker-daemon':
      return isImageId(rest) ? { text, source: 'docker-daemon', id: rest } : named(text, 'docker-daemon', rest);
    case 'docker-archive':
      return inFile(text, 'docker-archive', rest);
    case 'oci':
      return inFile(text, 'oci', rest);
    case 'oci-archive':
      return inFile(text, 'oci-archive', rest);
    default:
      return named(text, 'registry', text);
  }
}

/** Gives a key that all texts for one image have in common: `python` and `docker.io/library/python:latest`. */
export function imageKey({ text, source, reference }: ImageName): string {
  if (reference === undefined) return text;
  const { registry, repository, tag = 'latest', digest } = reference;
  return `${source} ${registry.toLowerCase()}/${repository}${digest === undefined ? `:${tag}` : `@${digest}`}`;
}

function named(text: string, source: ImageSource, name: string): ImageName {
  const reference = referenceOf(name);
  return { text, source, ...(reference === undefined ? {} : { reference }) };
}

function referenceOf(name: string): ImageReference | undefined {
  const parsed = parseReference(name);
  return parsed.ok ? parsed.reference : undefined;
}

/** Cuts `FILE[:TAG]` at the first colon, as containers-image does; the colon of a Windows drive is none. */
function inFile(text: string, source: ImageSource, rest: string): ImageName {
  const drive = /^[A-Za-z]:[\\/]/.test(rest) ? 2 : 0;
  const colon = rest.indexOf(':', drive);
  if (colon < 0) return { text, source, file: rest };
  return { text, source, file: rest.slice(0, colon), tag: rest.slice(colon + 1) };
}

/** `sha256:` with 64 digits, the 64 digits alone, or their first 12 as `docker images` shows them. */
function isImageId(name: string): boolean {
  return /^(?:(?:sha256:)?[0-9a-f]{64}|[0-9a-f]{12})$/.test(name);
}
