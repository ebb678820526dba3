/** Yes, no, or left to each node's operator. Unknown is at most a warning. */
export type Capability = 'yes' | 'no' | 'unknown';

/** What the nodes offer that a job is checked against. All of it is data; no rule names a release or a platform. */
export interface Target {
  /** For people: `Bacalhau 1.9 on linux/amd64`, or the name given in a target file. */
  readonly name: string;
  /** Exact release, `major.minor.patch`. */
  readonly bacalhau: string;
  /** Platforms of the nodes, `os/arch`. */
  readonly platforms: readonly string[];
  /** Whether nodes run jobs whose network mode is not None. */
  readonly networkedJobs: Capability;
  /** The network mode of a job that names none. */
  readonly defaultNetwork: 'None' | 'Default';
  /** Source types, lower case, to whether nodes can fetch them. */
  readonly sources: Readonly<Record<string, Capability>>;
  /** Publisher types, lower case, to whether nodes can publish with them. */
  readonly publishers: Readonly<Record<string, Capability>>;
  /** Whether the orchestrator puts in a publisher where a job names none (`JobDefaults`). */
  readonly defaultPublisher: Capability;
  /** Whether nodes have credentials for Docker Hub (`DOCKER_USERNAME`). */
  readonly hubCredentials: Capability;
  /** Registry hosts that nodes reach although they are not public. */
  readonly privateRegistries: readonly string[];
  /** Globs of `Compute.AllowListedLocalPaths`, or unknown. */
  readonly localPaths: readonly string[] | 'unknown';
  /** Labels of the nodes, when known. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Images that jobs may name, when the user limits them. */
  readonly allowedImages?: AllowedImages;
}

/** What fits either list may be named by a job. */
export interface AllowedImages {
  /** Hosts, `docker.io` for Docker Hub. */
  readonly registries: readonly string[];
  /** Repositories with `*` (within a part) and `**`. */
  readonly images: readonly string[];
}
