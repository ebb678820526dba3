import { addressKind } from './address.js';
import { parseByGrammar } from './reference-grammar.js';
import { findMistake, unnamedMistake, type ReferenceProblem } from './reference-problem.js';

export type { ReferenceProblem } from './reference-problem.js';

/**
 * An image reference, by the grammar of the distribution project (`distribution/reference`, v0.6):
 * `[host[:port]/]path[:tag][@digest]`, with Docker's defaults for host and tag.
 */
export interface ImageReference {
  /** As written. */
  readonly text: string;
  /** Registry host with port if written; `docker.io` when the text names none. */
  readonly registry: string;
  /** True when the host stands in the text. */
  readonly explicitRegistry: boolean;
  /** Repository path, with `library/` put in for official images of Docker Hub. */
  readonly repository: string;
  /** The tag as written; absent means `latest` unless there is a digest. */
  readonly tag?: string;
  /** `sha256:…` as written. */
  readonly digest?: string;
}

export type ParsedReference =
  | { readonly ok: true; readonly reference: ImageReference }
  | { readonly ok: false; readonly problem: ReferenceProblem };

/**
 * Takes the text of an image reference as Docker does (`ParseNormalizedNamed`) and gives its parts, or why it is none.
 * Stricter in what Docker would take and then never find: web pages, image IDs, and a first part in capitals
 * without dot or port, which newer Dockers take for a host. Never throws; linear in the length of the text.
 */
export function parseReference(text: string): ParsedReference {
  const mistake = findMistake(text);
  if (mistake !== undefined) return { ok: false, problem: mistake };
  const parts = parseByGrammar(text);
  if (parts === undefined) return { ok: false, problem: unnamedMistake(text) };
  return { ok: true, reference: { text, ...parts } };
}

/** Gives the short form that people type: without `docker.io/` and `library/`, with tag and digest if there are any. */
export function familiarName(reference: ImageReference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${familiarRepository(reference)}${tag}${digest}`;
}

/** As `familiarName`, without tag and digest. */
export function familiarRepository(reference: ImageReference): string {
  if (reference.registry !== 'docker.io') return `${reference.registry}/${reference.repository}`;
  const { repository } = reference;
  const official = repository.startsWith('library/') && !repository.includes('/', 'library/'.length);
  return official ? repository.slice('library/'.length) : repository;
}

/** Gives the text of the reference with another tag and without digest, in the familiar form. */
export function withTag(reference: ImageReference, tag: string): string {
  return `${familiarRepository(reference)}:${tag}`;
}

/** From where the host of a registry can be reached, as far as its name tells. */
export type HostReach = 'public' | 'loopback' | 'private' | 'single-label' | 'local-name';

/** Endings that the public DNS never answers: RFC 6762 with its appendix G, RFC 8375, and ICANN's `.internal`. */
const LOCAL_ENDINGS = [
  '.local',
  '.internal',
  '.localdomain',
  '.home.arpa',
  '.lan',
  '.home',
  '.corp',
  '.intranet',
  '.private',
];

/**
 * Takes the registry of a reference (host with or without port) and says from where it can be reached.
 * Only the name is looked at: a public name may well have a private address. `private` holds link-local and
 * other addresses that are not on the internet.
 */
export function hostReach(registry: string): HostReach {
  const host = hostName(registry).toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
  const kind = addressKind(host);
  if (kind !== undefined) return kind === 'public' || kind === 'loopback' ? kind : 'private';
  if (!host.includes('.')) return 'single-label';
  return LOCAL_ENDINGS.some((ending) => host.endsWith(ending)) ? 'local-name' : 'public';
}

/** Gives the host of `host[:port]` without port, and without the brackets of an IPv6 address. */
export function hostName(registry: string): string {
  if (registry.startsWith('[')) return registry.slice(1, Math.max(1, registry.indexOf(']')));
  const colon = registry.indexOf(':');
  return colon < 0 ? registry : registry.slice(0, colon);
}
