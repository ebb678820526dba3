/** What a server says of a `urlDownload` input when it is asked as a node asks: with HEAD, redirects followed. */
export interface UrlProbe {
  /** Of the last answer. */
  readonly status: number;
  /** `host[:port]` that gave it, which after redirects may be another than the URL's. */
  readonly host: string;
  /** Bytes, from Content-Length; undefined when the server does not say. */
  readonly size: number | undefined;
  readonly contentType: string | undefined;
  readonly redirected: boolean;
  /** What the node will call the file; undefined when it makes up a random name. */
  readonly fileName: string | undefined;
  /** Whether the last URL ends in a slash, as that of a folder does. */
  readonly folder: boolean;
}

/** Facts that looking at a job's inputs from outside can give: by the input's index in `InputSources`. */
export interface ProbeFacts {
  readonly 'probe.url'?: ReadonlyMap<number, UrlProbe>;
}
export type ProbeFactName = keyof ProbeFacts;

export const PROBE_FACTS: readonly ProbeFactName[] = ['probe.url'];

/** Why inputs were not seen: a phrase for each reason, by fact. The fact may be there for the other inputs. */
export type MissingProbes = Partial<Readonly<Record<ProbeFactName, readonly string[]>>>;
