import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { S3Place } from '../../job/s3-place.js';
import type { Transport } from '../../net/transport.js';
import type { Credentials } from './credentials.js';
import { sdkHandler } from './handler.js';
import type { Sdk } from './sdk.js';

export interface S3ClientOptions {
  readonly sdk: Sdk;
  readonly transport: Transport;
  readonly region: string;
  /** Absent for requests without any login. */
  readonly credentials: Credentials | undefined;
  /** Longest answer that is read. */
  readonly maxBytes: number;
}

/** Where a bucket is looked for when nobody says: the region that Amazon's own tools take. */
export const DEFAULT_REGION = 'us-east-1';

/** Opens a client for the store of a place: Amazon's, or the one at its Endpoint, in path style as a node asks it. */
export function openS3({ endpoint }: S3Place, options: S3ClientOptions): S3Client {
  const { sdk, transport, region, credentials, maxBytes } = options;
  return new sdk.S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    maxAttempts: 1,
    requestHandler: sdkHandler(transport, maxBytes),
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...anonymousOr(credentials),
  });
}

function anonymousOr(credentials: Credentials | undefined): Pick<S3ClientConfig, 'credentials' | 'signer'> {
  if (credentials === undefined) {
    const nobody = { accessKeyId: 'anonymous', secretAccessKey: 'anonymous' };
    return { credentials: nobody, signer: { sign: (request) => Promise.resolve(request) } };
  }
  return credentials.kind === 'keys' ? { credentials: credentials.keys } : {};
}
