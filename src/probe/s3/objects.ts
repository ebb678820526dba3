import type { HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { s3Fetch } from '../../job/input-name.js';
import type { S3Place } from '../../job/s3-place.js';
import { CannotLook } from '../../net/failure.js';
import type { KeyFilter } from './filter.js';
import type { Sdk } from './sdk.js';

/** One object that an input takes. */
export interface S3Object {
  readonly key: string;
  readonly size: number;
}

/** A part of what a node would find. */
export interface S3Page {
  readonly objects: readonly S3Object[];
  /** Objects of this page before the Filter. */
  readonly listed: number;
  /** The answer to HEAD, when the Key is that of one object. */
  readonly head?: HeadObjectCommandOutput;
}

/** What people see of an object store: a client of the SDK with the SDK that it is of. */
export interface Store {
  readonly sdk: Sdk;
  readonly client: S3Client;
}

/**
 * Gives what an input takes, page by page, as a node finds it (`explodeKey` of `pkg/storage/s3`): one object by its
 * key, unless the store calls it a folder, else all whose keys begin with the Key and pass the Filter.
 */
export async function* pagesOf({ sdk, client }: Store, place: S3Place, matches: KeyFilter): AsyncGenerator<S3Page> {
  const { bucket: Bucket, key } = place;
  const prefix = key.replace(/\*$/, '');
  if (s3Fetch(key).kind === 'object') {
    const head = await client.send(
      new sdk.HeadObjectCommand({
        Bucket,
        Key: key,
        ...(place.versionId === undefined ? {} : { VersionId: place.versionId }),
        ...(place.checksum === undefined ? {} : { ChecksumMode: 'ENABLED' }),
      }),
    );
    if (head.ContentType?.startsWith('application/x-directory') === false) {
      yield { objects: [{ key, size: head.ContentLength ?? 0 }], listed: 1, head };
      return;
    }
  }
  let token: string | undefined;
  do {
    const page = await client.send(
      new sdk.ListObjectsV2Command({
        Bucket,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    // A page of a login, say, parses as an empty listing.
    if (page.Name === undefined) throw new CannotLook('the server answered with something that is not S3');
    // Keys that end in a slash stand for folders and are skipped.
    const listed = (page.Contents ?? []).flatMap(({ Key = '', Size = 0 }) =>
      Key === '' || Key.endsWith('/') ? [] : [{ key: Key, size: Size }],
    );
    yield { objects: listed.filter((object) => matches(object.key.slice(prefix.length))), listed: listed.length };
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}
