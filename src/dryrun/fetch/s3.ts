import type { S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import type { PartitionFault, S3Partition } from '../../job/s3-partition.js';
import { s3Text, type S3Place } from '../../job/s3-place.js';
import { CannotLook } from '../../net/failure.js';
import type { S3Probe } from '../../probe/facts.js';
import { DEFAULT_REGION, openS3 } from '../../probe/s3/client.js';
import { findCredentials } from '../../probe/s3/credentials.js';
import { failureOf } from '../../probe/s3/failure.js';
import { compileFilter } from '../../probe/s3/filter.js';
import { choosePartition, type KeyChoice } from '../../probe/s3/partition.js';
import { pagesOf, type S3Object, type Store } from '../../probe/s3/objects.js';
import { MOST_LISTING_BYTES, probeS3, storeHost } from '../../probe/s3/probe.js';
import { loadSdk } from '../../probe/s3/sdk.js';
import type { NodeLayout } from '../local-input.js';
import type { Partition } from '../plan.js';
import type { StagedEntry, StagedInput } from '../staged-input.js';
import { refuseSize, type Fetching } from './fetching.js';
import { readAhead } from './read-ahead.js';

/** More objects than anybody tries a job with. */
const MOST_OBJECTS = 100_000;

/** What is needed to fetch from an object store. */
interface S3Fetching extends Fetching {
  /** Why the user's own credentials must not be used, with the flag that allows it; undefined when they may. */
  readonly whyNoCredentials: string | undefined;
}

/**
 * Lists what an input takes from an object store, without credentials where that does; objects are read one by one.
 *
 * @throws CannotLook when a node would get nothing either, or it may not be asked for
 */
export async function fetchS3(
  place: S3Place,
  division: S3Partition | PartitionFault,
  fetching: S3Fetching,
): Promise<StagedInput> {
  const { env, transport, sample, maxBytes, layout, partition } = fetching;
  const takes = await choiceOf(place, division, partition);
  const probe = await probeS3(place, fetching);
  if (probe.kind !== 'found') throw new CannotLook(whyNothing(probe, storeHost(place)));
  const sdk = await loadSdk();
  const credentials = probe.access === 'public' ? undefined : await findCredentials(env);
  const region = probe.bucketRegion ?? place.region ?? DEFAULT_REGION;
  const open = (most: number): S3Client => openS3(place, { sdk, transport, region, credentials, maxBytes: most });
  const { objects, isCut, isSingle } = await listed({ sdk, client: open(MOST_LISTING_BYTES) }, place, takes, sample);
  const bytes = objects.reduce((sum, { size }) => sum + size, 0);
  refuseSize(bytes, maxBytes);
  const store = { sdk, client: open(maxBytes) };
  const version = isSingle ? place.versionId : undefined;
  return {
    description: [s3Text(place), ...notes(objects.length, isCut, division, partition)].join(' '),
    shape: 'folder',
    folderMode: layout.folderMode,
    total: { files: objects.length, bytes },
    entries: () =>
      entriesOf(
        objects,
        place,
        layout,
        readAhead(objects, ({ key }) => contentOf(store, place, key, version)),
      ),
  };
}

function whyNothing(probe: Exclude<S3Probe, { kind: 'found' }>, host: string): string {
  switch (probe.kind) {
    case 'bad-filter':
      return `its Filter is no regular expression of Go: ${probe.problem}`;
    case 'denied':
      return `${host} does not let it be read`;
    case 'missing':
      return `${host} has no such ${probe.what}${probe.isFolder ? '; a Key that ends in a slash takes what is below it' : ''}`;
  }
}

/** Says which objects the execution takes that is run; throws where a node refuses to divide them. */
async function choiceOf(
  { key }: S3Place,
  division: S3Partition | PartitionFault,
  partition: Partition | undefined,
): Promise<KeyChoice> {
  if (partition === undefined) return () => true;
  if ('message' in division) throw new CannotLook(`${division.message}, and nodes refuse it`);
  if (partition.count === 0) {
    throw new CannotLook(
      'nodes divide it by the Count of the job, which jobs on all nodes do not have since 1.6.5, and refuse it (job partitions/count must be greater than 0)',
    );
  }
  const choice = await choosePartition(division, key, partition);
  if (choice.ok) return choice.takes;
  throw new CannotLook(
    `the Pattern of its Partition is no regular expression of Go, and nodes refuse it: ${choice.problem}`,
  );
}

/** What people have to know of the objects, in brackets. */
function notes(
  count: number,
  isCut: boolean,
  division: S3Partition | PartitionFault,
  partition: Partition | undefined,
): string[] {
  const isDivided = partition !== undefined && partition.count > 1 && 'by' in division && division.by !== 'none';
  return [
    ...(isDivided ? [`(partition ${String(partition.index)} of ${String(partition.count)})`] : []),
    ...(isCut ? [`(a sample: the first ${count === 1 ? 'object' : `${String(count)} objects`})`] : []),
  ];
}

interface Listed {
  readonly objects: readonly S3Object[];
  /** Whether there are more. */
  readonly isCut: boolean;
  /** Whether the Key is that of one object. */
  readonly isSingle: boolean;
}

async function listed(store: Store, place: S3Place, takes: KeyChoice, sample: number | undefined): Promise<Listed> {
  const filter = await compileFilter(place.filter);
  const objects: S3Object[] = [];
  let isSingle = false;
  try {
    for await (const page of pagesOf(store, place, filter.ok ? filter.matches : () => false)) {
      isSingle = page.head !== undefined;
      refuseOtherContent(place, page.head?.ChecksumSHA256, isSingle);
      for (const object of page.objects) {
        if (!takes(object.key)) continue;
        if (objects.length === sample) return { objects, isCut: true, isSingle };
        if (objects.length === MOST_OBJECTS) {
          throw new CannotLook(`it has more than ${String(MOST_OBJECTS)} objects; --sample N takes the first N`);
        }
        objects.push(object);
      }
    }
    return { objects, isCut: false, isSingle };
  } catch (error) {
    throw asReason(error, storeHost(place));
  } finally {
    store.client.destroy();
  }
}

/** As a node compares them: the text of the spec with what the store says of the object. */
function refuseOtherContent({ checksum }: S3Place, found: string | undefined, isSingle: boolean): void {
  if (isSingle && checksum !== undefined && checksum !== found) {
    throw new CannotLook(`its SHA-256 is ${found ?? 'not known to the store'}, and ChecksumSHA256 says ${checksum}`);
  }
}

/**
 * Lays objects out as a node does (`pkg/storage/s3`): what the Key has up to its last slash is taken off their keys.
 */
async function* entriesOf(
  objects: readonly S3Object[],
  place: S3Place,
  { modes, folderMode }: NodeLayout,
  open: (object: S3Object) => AsyncGenerator<Uint8Array>,
): AsyncGenerator<StagedEntry> {
  const base = place.key.lastIndexOf('/') + 1;
  const folders = new Set<string>();
  const files = new Set<string>();
  for (const object of objects) {
    const { key, size } = object;
    const parts = cleaned(key.slice(base));
    if (parts === undefined)
      throw new CannotLook(`the key ${JSON.stringify(key)} leads out of the folder of the input`);
    for (let depth = 1; depth < parts.length; depth++) {
      const path = parts.slice(0, depth).join('/');
      if (files.has(path)) throw new CannotLook(`${path} is an object, and others lie below it as in a folder`);
      if (!folders.has(path)) yield { kind: 'folder', path, mode: modes?.folder ?? folderMode };
      folders.add(path);
    }
    const path = parts.join('/');
    files.add(path);
    yield await Promise.resolve({
      kind: 'file' as const,
      path,
      size,
      mode: modes?.file ?? 0o644,
      open: () => open(object),
    });
  }
}

/** As Go's `filepath.Join` cleans a path; undefined for one that leaves its folder, or is the folder itself. */
function cleaned(path: string): string[] | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts;
}

async function* contentOf(
  { sdk, client }: Store,
  place: S3Place,
  key: string,
  version: string | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    const { Body } = await client.send(
      new sdk.GetObjectCommand({
        Bucket: place.bucket,
        Key: key,
        ...(version === undefined ? {} : { VersionId: version }),
      }),
    );
    if (!(Body instanceof Readable)) throw new CannotLook(`${storeHost(place)} sent nothing`);
    for await (const chunk of Body) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    throw asReason(error, `${storeHost(place)}, asked for ${key},`);
  }
}

function asReason(error: unknown, host: string): CannotLook {
  const failure = failureOf(error, host);
  switch (failure.kind) {
    case 'missing':
      return new CannotLook(`${host} says that it is not there`);
    case 'denied':
      return new CannotLook(`${host} does not let it be read (${failure.code})`);
    case 'region':
      return new CannotLook(`${host} says that the bucket is in another region`);
  }
}
