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

/** Why a text is no image reference. `at` is the range of the wrong part inside the text. */
export interface ReferenceProblem {
  readonly kind: 'empty' | 'url' | 'uppercase' | 'tag' | 'digest' | 'syntax' | 'unexpanded';
  readonly message: string;
  readonly at: { readonly start: number; readonly end: number };
  /** The reference that was most likely meant, when there is only one. */
  readonly suggestion?: string;
}

export type ParsedReference =
  | { readonly ok: true; readonly reference: ImageReference }
  | { readonly ok: false; readonly problem: ReferenceProblem };
