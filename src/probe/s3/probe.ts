import { s3Fetch } from '../../job/input-name.js';
import type { S3Place } from '../../job/s3-place.js';
import { CannotLook } from '../../net/failure.js';
import type { Environment } from '../../net/proxy.js';
import type { Transport } from '../../net/transport.js';
import type { BucketProbe, S3Probe } from '../facts.js';
import { DEFAULT_REGION, openS3 } from './client.js';
import { findCredentials, type Credentials } from './credentials.js';
import { failureOf } from './failure.js';
import { compileFilter, type KeyFilter } from './filter.js';
import { pagesOf, type Store } from './objects.js';
import { loadSdk } from './sdk.js';

/** What asking an object store needs. */
export interface S3Access {
  readonly transport: Transport;
  readonly env: Environment;
  /** Why the user's own credentials must not be used, with the flag that allows it; undefined when they may. */
  readonly whyNoCredentials: string | undefined;
}

/** A page of a thousand keys has less; a server that sends more is up to something. */
export const MOST_LISTING_BYTES = 16 * 1024 * 1024;
/** Pages of a thousand keys that are read to count them. */
const MOST_PAGES = 10;

/**
 * Asks an object store for what an input names, without credentials first, then with those of the user.
 *
 * @throws CannotLook when the answer says nothing of it
 */
export async function probeS3(place: S3Place, access: S3Access): Promise<S3Probe> {
  const filter = await compileFilter(place.filter);
  // A node that finds one object never reads the Filter.
  if (!filter.ok && s3Fetch(place.key).kind !== 'object') return { kind: 'bad-filter', problem: filter.problem };
  const matches: KeyFilter = filter.ok ? filter.matches : () => false;
  const anonymous = await lookWith(undefined, place, matches, access);
  if (anonymous.kind !== 'denied') return anonymous;
  const host = storeHost(place);
  if (access.whyNoCredentials !== undefined) {
    throw new CannotLook(`${host} does not show it without credentials; ${access.whyNoCredentials}`);
  }
  const credentials = await findCredentials(access.env);
  if (credentials === undefined) {
    throw new CannotLook(`${host} does not show it without credentials, and there are none of yours here`);
  }
  return lookWith(credentials, place, matches, access);
}

/**
 * Asks whether the bucket of a publisher is there; a refusal to show it is an answer too.
 *
 * @throws CannotLook when the answer says nothing of it
 */
export async function probeBucket(place: S3Place, { transport }: S3Access): Promise<BucketProbe> {
  const sdk = await loadSdk();
  const region = place.region ?? DEFAULT_REGION;
  const client = openS3(place, { sdk, transport, region, credentials: undefined, maxBytes: MOST_LISTING_BYTES });
  try {
    await client.send(new sdk.HeadBucketCommand({ Bucket: place.bucket }));
    return { exists: true };
  } catch (error) {
    const failure = failureOf(error, storeHost(place));
    if (failure.kind === 'missing') return { exists: false };
    return { exists: true, ...(failure.kind === 'region' ? regionOf(failure.region) : {}) };
  } finally {
    client.destroy();
  }
}

/** `host[:port]` of the store that a place is in. */
export function storeHost({ endpoint, region }: S3Place): string {
  return endpoint === undefined ? `s3.${region ?? DEFAULT_REGION}.amazonaws.com` : new URL(endpoint).host;
}

async function lookWith(
  credentials: Credentials | undefined,
  place: S3Place,
  matches: KeyFilter,
  { transport }: S3Access,
): Promise<S3Probe> {
  const sdk = await loadSdk();
  const open = (region: string): Store => ({
    sdk,
    client: openS3(place, { sdk, transport, region, credentials, maxBytes: MOST_LISTING_BYTES }),
  });
  const said = place.region ?? DEFAULT_REGION;
  const access = credentials === undefined ? 'public' : 'credentials';
  const first = await lookIn(open(said), place, matches, access);
  if (first.kind !== 'region') return first;
  if (first.region === undefined || first.region === said) {
    throw new CannotLook(`${storeHost(place)} says that the bucket is in another region, and not in which`);
  }
  const second = await lookIn(open(first.region), place, matches, access);
  if (second.kind === 'region')
    throw new CannotLook(`${storeHost(place)} says of two regions that the bucket is elsewhere`);
  return { ...second, ...regionOf(first.region) };
}

type Looked = S3Probe | { readonly kind: 'region'; readonly region: string | undefined };

async function lookIn(
  store: Store,
  place: S3Place,
  matches: KeyFilter,
  access: 'public' | 'credentials',
): Promise<Looked> {
  try {
    return await count(store, place, matches, access);
  } catch (error) {
    const failure = failureOf(error, storeHost(place));
    if (failure.kind === 'region') return failure;
    if (failure.kind === 'denied') return { kind: 'denied' };
    if (failure.what !== 'key-or-bucket') return { kind: 'missing', what: failure.what, isFolder: false };
    return await missingKey(store, place);
  } finally {
    store.client.destroy();
  }
}

async function count(
  store: Store,
  place: S3Place,
  matches: KeyFilter,
  access: 'public' | 'credentials',
): Promise<S3Probe> {
  let [objects, size, listed, pages] = [0, 0, 0, 0];
  let checksum: string | undefined;
  let isWhole = true;
  for await (const page of pagesOf(store, place, matches)) {
    if (++pages > MOST_PAGES) {
      isWhole = false;
      break;
    }
    objects += page.objects.length;
    listed += page.listed;
    for (const object of page.objects) size += object.size;
    checksum = page.head?.ChecksumSHA256;
  }
  return {
    kind: 'found',
    access,
    objects,
    size,
    listed,
    isWhole,
    ...(checksum === undefined ? {} : { checksum }),
  };
}

/** The answer to HEAD has no body to say what is missing. */
async function missingKey({ sdk, client }: Store, place: S3Place): Promise<S3Probe> {
  try {
    const Prefix = `${place.key}/`;
    const page = await client.send(new sdk.ListObjectsV2Command({ Bucket: place.bucket, Prefix, MaxKeys: 1 }));
    const what = place.versionId === undefined ? 'key' : 'version';
    return { kind: 'missing', what, isFolder: (page.Contents ?? []).length > 0 };
  } catch (error) {
    const failure = failureOf(error, storeHost(place));
    const what = failure.kind === 'missing' ? 'bucket' : 'key';
    return { kind: 'missing', what, isFolder: false };
  }
}

function regionOf(region: string | undefined): { readonly bucketRegion?: string } {
  return region === undefined ? {} : { bucketRegion: region };
}
