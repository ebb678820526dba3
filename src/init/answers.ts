/** CI systems that a job can be written for. */
export const CI_SYSTEMS = ['github', 'gitlab', 'none'] as const;
export type CiSystem = (typeof CI_SYSTEMS)[number];

/** What a repository needs, as its user said it or as it is usual. */
export interface Answers {
  /** A Bacalhau release, or the path of a target file seen from the repository. */
  readonly target: string;
  /** Platforms of the nodes, one at least. */
  readonly platforms: readonly string[];
  readonly ci: CiSystem;
  /** Whether a hook runs before each commit. */
  readonly preCommit: boolean;
}
