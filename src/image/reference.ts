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
