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

/** What an object store says of an `s3` input. */
export type S3Probe = {
  /** Where the bucket is, when it is not where the job says, or where we looked as it does not say. */
  readonly bucketRegion?: string;
} & (
  | {
      readonly kind: 'found';
      /** Who may read it: everyone, or those whose credentials the user has. */
      readonly access: 'public' | 'credentials';
      /** Objects that a node would fetch, after the Filter, and their bytes. */
      readonly objects: number;
      readonly size: number;
      /** Objects before the Filter. */
      readonly listed: number;
      /** False when the listing was not read to its end; then there are more than that. */
      readonly isWhole: boolean;
      /** The SHA-256 that the store knows of the one object, in base64, where the job names one. */
      readonly checksum?: string;
    }
  | {
      readonly kind: 'missing';
      readonly what: 'bucket' | 'key' | 'version';
      /** Whether keys begin with the Key and a slash: it was meant as a folder. */
      readonly isFolder: boolean;
    }
  /** Refused without credentials and with those of the user. */
  | { readonly kind: 'denied' }
  /** The Filter is no regular expression of Go. */
  | { readonly kind: 'bad-filter'; readonly problem: string }
);

/** What an object store says of the bucket of an `s3` publisher, without credentials. */
export interface BucketProbe {
  /** A bucket that refuses to be looked at is there. */
  readonly exists: boolean;
  readonly bucketRegion?: string;
}

/** What the IPFS gateway or node that the user names says of an `ipfs` input. */
export type IpfsProbe =
  | {
      readonly kind: 'found';
      readonly shape: 'file' | 'folder';
      /** Bytes, as the root says; of a folder with what holds it together. */
      readonly size: number;
    }
  /** It is not there; others may have it. */
  | { readonly kind: 'missing'; readonly host: string };

/**
 * Facts that looking at a job's inputs from outside can give: by the input's index in `InputSources`. `probe.bucket`
 * is of its publisher.
 */
export interface ProbeFacts {
  readonly 'probe.url'?: ReadonlyMap<number, UrlProbe>;
  readonly 'probe.s3'?: ReadonlyMap<number, S3Probe>;
  readonly 'probe.ipfs'?: ReadonlyMap<number, IpfsProbe>;
  readonly 'probe.bucket'?: BucketProbe;
}
export type ProbeFactName = keyof ProbeFacts;

export const PROBE_FACTS: readonly ProbeFactName[] = ['probe.url', 'probe.s3', 'probe.ipfs', 'probe.bucket'];

/** Why inputs were not seen: a phrase for each reason, by fact. The fact may be there for the other inputs. */
export type MissingProbes = Partial<Readonly<Record<ProbeFactName, readonly string[]>>>;
