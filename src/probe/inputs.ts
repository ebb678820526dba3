import { readCid } from '../job/cid.js';
import { downloadOf } from '../job/input-name.js';
import type { InputSource, JobSpec } from '../job/job-spec.js';
import { publisherPlace, s3Place, type S3Place } from '../job/s3-place.js';
import { sourceType, textParam } from '../job/source-params.js';
import { unfilledPart } from '../job/unfilled.js';
import type { Located } from '../text/source.js';

/** A URL that nodes will ask for. */
export interface UrlInput {
  readonly input: InputSource;
  readonly url: Located<string>;
}

/**
 * Gives the `urlDownload` inputs of a job that can be asked for. What is malformed or left to fill in is not among
 * them: other rules speak of that.
 */
export function urlInputs(job: JobSpec | undefined): UrlInput[] {
  return (job?.task?.inputs ?? []).flatMap((input) => {
    const url = sourceType(input) === 'urldownload' ? textParam(input.source, 'URL') : undefined;
    if (url === undefined || unfilledPart(url.value) !== undefined || !URL.canParse(url.value)) return [];
    return downloadOf(url.value).kind === 'file' ? [{ input, url }] : [];
  });
}

/** Something in an object store that nodes will ask for. */
export interface S3Input {
  readonly input: InputSource;
  readonly place: S3Place;
}

/** Gives the `s3` inputs of a job that can be asked for. */
export function s3Inputs(job: JobSpec | undefined): S3Input[] {
  return (job?.task?.inputs ?? []).flatMap((input) => {
    const place = sourceType(input) === 's3' ? s3Place(input.source) : undefined;
    return place === undefined ? [] : [{ input, place }];
  });
}

/** Content that nodes will ask IPFS for. */
export interface IpfsInput {
  readonly input: InputSource;
  readonly cid: Located<string>;
}

/** Gives the `ipfs` inputs of a job whose CID decodes. */
export function ipfsInputs(job: JobSpec | undefined): IpfsInput[] {
  return (job?.task?.inputs ?? []).flatMap((input) => {
    const cid = sourceType(input) === 'ipfs' ? textParam(input.source, 'CID') : undefined;
    return cid === undefined || readCid(cid.value).kind !== 'cid' ? [] : [{ input, cid }];
  });
}

/** The fact that a rule on IPFS inputs needs, where the job has any. */
export function needsIpfs({ job }: { readonly job?: JobSpec }): readonly 'probe.ipfs'[] {
  return ipfsInputs(job).length === 0 ? [] : ['probe.ipfs'];
}

/** The fact that a rule on S3 inputs needs, where the job has any. */
export function needsS3({ job }: { readonly job?: JobSpec }): readonly 'probe.s3'[] {
  return s3Inputs(job).length === 0 ? [] : ['probe.s3'];
}

/** The fact that a rule on the bucket of an S3 publisher needs, where the job has one. */
export function needsBucket({ job }: { readonly job?: JobSpec }): readonly 'probe.bucket'[] {
  return publisherPlace(job) === undefined ? [] : ['probe.bucket'];
}

/** The fact that a rule on URL inputs needs, where the job has any. */
export function needsUrls({ job }: { readonly job?: JobSpec }): readonly 'probe.url'[] {
  return urlInputs(job).length === 0 ? [] : ['probe.url'];
}

/** Gives each of some inputs with what was seen of it; those that were not seen are left out. */
export function* seen<I extends { readonly input: InputSource }, P>(
  inputs: readonly I[],
  probes: ReadonlyMap<number, P> | undefined,
): Generator<readonly [I, P]> {
  for (const each of inputs) {
    const probe = probes?.get(each.input.index);
    if (probe !== undefined) yield [each, probe];
  }
}
