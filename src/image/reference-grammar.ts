/** The parts of a reference with Docker's defaults for host and `library/` put in. */
export interface ReferenceParts {
  readonly registry: string;
  readonly explicitRegistry: boolean;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** A reference cut at its separators, before anything is checked. */
export interface RawReference {
  /** Everything before tag and digest. */
  readonly name: string;
  /** What follows the first `:` after the last `/`; may be empty or hold more colons. */
  readonly tag?: string;
  /** What follows the first `@`. */
  readonly digest?: string;
}

/** Host of references that name none (`docker.io`, `distribution/reference` normalize.go). */
const DEFAULT_REGISTRY = 'docker.io';
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
export const LONGEST_TAG = 128;
export const LONGEST_REPOSITORY = 255;
/** Longer host names than DNS knows are not worth a match. */
const LONGEST_HOST = 260;
/** Hex digits of the digests that Docker knows (OCI image spec 1.1, descriptor.md, "Registered Algorithms"). */
const DIGEST_LENGTH: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** Parses by the grammar; undefined when the text does not follow it. Linear in the length of the text. */
export function parseByGrammar(text: string): ReferenceParts | undefined {
  const { name, tag, digest } = splitReference(text);
  if (tag !== undefined && !isTag(tag)) return undefined;
  if (digest !== undefined && !isDigest(digest)) return undefined;
  const { host, path } = splitHost(name);
  if (host !== undefined && !isHost(host)) return undefined;
  const registry = host === undefined || host === 'index.docker.io' ? DEFAULT_REGISTRY : host;
  const repository = registry === DEFAULT_REGISTRY && !path.includes('/') ? `library/${path}` : path;
  if (repository.length > LONGEST_REPOSITORY || !repository.split('/').every(isPathComponent)) return undefined;
  return {
    registry,
    explicitRegistry: host !== undefined,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

export function splitReference(text: string): RawReference {
  const at = text.indexOf('@');
  const beforeDigest = at < 0 ? text : text.slice(0, at);
  const colon = beforeDigest.indexOf(':', beforeDigest.lastIndexOf('/') + 1);
  return {
    name: colon < 0 ? beforeDigest : beforeDigest.slice(0, colon),
    ...(colon < 0 ? {} : { tag: beforeDigest.slice(colon + 1) }),
    ...(at < 0 ? {} : { digest: text.slice(at + 1) }),
  };
}

/** Cuts the host off a name: a first part with a dot, a port or capitals, or `localhost` (`splitDockerDomain`). */
export function splitHost(name: string): { readonly host?: string; readonly path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  const isHost = first === 'localhost' || /[.:A-Z]/.test(first);
  return slash > 0 && isHost ? { host: first, path: name.slice(slash + 1) } : { path: name };
}

export function isHost(host: string): boolean {
  return host.length <= LONGEST_HOST && HOST.test(host);
}

export function isPathComponent(component: string): boolean {
  return component.length <= LONGEST_REPOSITORY && PATH_COMPONENT.test(component);
}

export function isTag(tag: string): boolean {
  return tag.length <= LONGEST_TAG && TAG.test(tag);
}

export function isDigest(digest: string): boolean {
  const colon = digest.indexOf(':');
  const hex = digest.slice(colon + 1);
  return DIGEST_LENGTH.get(digest.slice(0, Math.max(0, colon))) === hex.length && /^[0-9a-f]+$/.test(hex);
}

/** Gives a digest with as many digits as one tells images apart by: `sha256:` and twelve. */
export function shortDigest(digest: string): string {
  return digest.length > 19 ? `${digest.slice(0, 19)}…` : digest;
}
