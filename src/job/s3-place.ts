import type { JobSpec, TypedParams } from './job-spec.js';
import { textParam } from './source-params.js';
import { unfilledPart } from './unfilled.js';

/** What the parameters of an S3 source or publisher name (`pkg/s3/types.go`). */
export interface S3Place {
  readonly bucket: string;
  /** Empty for the whole bucket. */
  readonly key: string;
  readonly region?: string;
  /** Address of a server that is not Amazon's; it is asked in path style. */
  readonly endpoint?: string;
  readonly versionId?: string;
  readonly checksum?: string;
  readonly filter?: string;
}

/**
 * Gives the place that parameters name; undefined when there is no bucket, something is left to fill in, or the
 * Endpoint is no http(s) address: other rules speak of that, or nobody can ask.
 */
export function s3Place(params: TypedParams | undefined): S3Place | undefined {
  const text = (name: string): string | undefined => textParam(params, name)?.value;
  const bucket = text('Bucket');
  const key = (text('Key') ?? '').trim();
  const endpoint = text('Endpoint');
  const region = text('Region');
  if (bucket === undefined || [bucket, key, endpoint, region].some((part) => unfilledPart(part ?? '') !== undefined)) {
    return undefined;
  }
  if (endpoint !== undefined && !/^https?:\/\/[^/]/i.test(endpoint)) return undefined;
  if (endpoint !== undefined && !URL.canParse(endpoint)) return undefined;
  const more = {
    endpoint,
    region,
    versionId: text('VersionID'),
    checksum: text('ChecksumSHA256'),
    filter: text('Filter'),
  };
  return { bucket, key, ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)) };
}

/** The place that the S3 publisher of a job writes to; its key holds placeholders that only a node fills in. */
export function publisherPlace(job: JobSpec | undefined): S3Place | undefined {
  const publisher = job?.task?.publisher;
  return publisher?.type?.value.trim().toLowerCase() === 's3' ? s3Place(publisher) : undefined;
}

/** `s3://bucket/key`, as people write it. */
export function s3Text({ bucket, key }: S3Place): string {
  return `s3://${bucket}/${key}`;
}
