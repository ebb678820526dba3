import type { JobSpec } from '../job/job-spec.js';
import { publisherPlace, type S3Place } from '../job/s3-place.js';
import { reasonOf } from '../net/failure.js';
import { hostName } from '../net/host.js';
import type { Environment } from '../net/proxy.js';
import { openTransport, type Transport } from '../net/transport.js';
import { sumOfIo, type IoStats } from '../stats/stats.js';
import type { BucketProbe, MissingProbes, ProbeFacts, S3Probe, UrlProbe } from './facts.js';
import { s3Inputs, urlInputs } from './inputs.js';
import type { S3Access } from './s3/probe.js';
import { probeUrl } from './url.js';

/** What a look at inputs may do. */
export interface ProbeOptions {
  readonly env: Environment;
  /** Hosts that may have private addresses. */
  readonly allowedHosts: readonly string[];
  /** What allows the user's own credentials for object stores, as the end of a sentence; undefined when they may be used. */
  readonly whyNoCredentials: string | undefined;
  /** Milliseconds for one request, and for one input with all its redirects and pages. Default 10 s and 25 s. */
  readonly requestMs?: number;
  readonly totalMs?: number;
}

/** What was seen of the inputs of one job, why the rest was not, and what the look cost. */
export interface ProbeLook {
  readonly facts: ProbeFacts;
  readonly missing: MissingProbes;
  readonly stats: IoStats;
}

/** Looks at the inputs of jobs; asks for the same thing once, however many jobs name it. */
export interface Prober {
  readonly look: (job: JobSpec, wanted: ReadonlySet<string>) => Promise<ProbeLook>;
}

const DEFAULT_REQUEST_MS = 10_000;
const DEFAULT_TOTAL_MS = 25_000;

/** Opens what is needed to look at inputs from outside. Never rejects for what the world does. */
export function openProber(options: ProbeOptions): Prober {
  const urls = new Map<string, Promise<Seen<UrlProbe>>>();
  const objects = new Map<string, Promise<Seen<S3Probe>>>();
  const buckets = new Map<string, Promise<Seen<BucketProbe>>>();
  const look = async (job: JobSpec, wanted: ReadonlySet<string>): Promise<ProbeLook> => {
    const costs: IoStats[] = [];
    const askOnce = <T>(known: Map<string, Promise<Seen<T>>>, key: string, question: Question<T>): Promise<Seen<T>> => {
      const asked = known.get(key) ?? ask(question, options, costs);
      known.set(key, asked);
      return asked;
    };
    const seenUrls = (wanted.has('probe.url') ? urlInputs(job) : []).map(({ input, url: { value } }) => ({
      index: input.index,
      asked: askOnce(urls, value, { host: new URL(value).host, answer: (transport) => probeUrl(value, transport) }),
    }));
    const seenObjects = (wanted.has('probe.s3') ? s3Inputs(job) : []).map(({ input, place }) => ({
      index: input.index,
      asked: askOnce(
        objects,
        JSON.stringify(place),
        s3Question(place, options, ({ probeS3 }) => probeS3),
      ),
    }));
    const place = wanted.has('probe.bucket') ? publisherPlace(job) : undefined;
    const { bucket, endpoint, region } = place ?? {};
    const seenBucket =
      place === undefined
        ? []
        : [
            {
              index: 0,
              asked: askOnce(
                buckets,
                JSON.stringify([bucket, endpoint, region]),
                s3Question(place, options, ({ probeBucket }) => probeBucket),
              ),
            },
          ];
    const [url, s3, published] = [await gathered(seenUrls), await gathered(seenObjects), await gathered(seenBucket)];
    const bucketProbe = published.found?.get(0);
    return {
      facts: {
        ...(url.found === undefined ? {} : { 'probe.url': url.found }),
        ...(s3.found === undefined ? {} : { 'probe.s3': s3.found }),
        ...(bucketProbe === undefined ? {} : { 'probe.bucket': bucketProbe }),
      },
      missing: {
        ...(url.reasons.length === 0 ? {} : { 'probe.url': url.reasons }),
        ...(s3.reasons.length === 0 ? {} : { 'probe.s3': s3.reasons }),
        ...(published.reasons.length === 0 ? {} : { 'probe.bucket': published.reasons }),
      },
      stats: sumOfIo(costs),
    };
  };
  return { look };
}

/** Something to be asked of a host. */
interface Question<T> {
  readonly host: string;
  readonly answer: (transport: Transport) => Promise<T>;
}

type S3Module = typeof import('./s3/probe.js');

/** What asks object stores is loaded when the first is asked. */
function s3Question<T>(
  place: S3Place,
  { env, whyNoCredentials, allowedHosts }: ProbeOptions,
  of: (module: S3Module) => (place: S3Place, access: S3Access) => Promise<T>,
): Question<T> {
  const host = place.endpoint === undefined ? 's3.amazonaws.com' : new URL(place.endpoint).host;
  const isNamed = place.endpoint === undefined || allowedHosts.some((allowed) => hostName(allowed) === hostName(host));
  const answer = async (transport: Transport): Promise<T> => {
    const why = whyNoCredentials ?? (isNamed ? undefined : `--allow-host ${hostName(host)} lets it be sent yours`);
    return of(await import('./s3/probe.js'))(place, { transport, env, whyNoCredentials: why });
  };
  return { host, answer };
}

/** What was learned of one thing, or why it was not. */
type Seen<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

async function ask<T>({ host, answer }: Question<T>, options: ProbeOptions, costs: IoStats[]): Promise<Seen<T>> {
  // A job may come from a stranger: it does not decide which hosts of the network around are asked.
  const policy = { host, allowedHosts: options.allowedHosts, trustsHost: false };
  const signal = AbortSignal.timeout(options.totalMs ?? DEFAULT_TOTAL_MS);
  const requestMs = options.requestMs ?? DEFAULT_REQUEST_MS;
  const transport = openTransport({ policy, env: options.env, requestMs, signal });
  try {
    return { ok: true, value: await answer(transport) };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  } finally {
    costs.push({ requests: transport.count.requests, bytesRead: transport.count.bytes, cacheHits: 0 });
    transport.close();
  }
}

/** Collects what was seen by the index of its input, and each reason once. */
async function gathered<T>(
  inputs: readonly { readonly index: number; readonly asked: Promise<Seen<T>> }[],
): Promise<{ readonly found: ReadonlyMap<number, T> | undefined; readonly reasons: readonly string[] }> {
  const found = new Map<number, T>();
  const reasons = new Set<string>();
  for (const { index, asked } of inputs) {
    const seen = await asked;
    if (seen.ok) found.set(index, seen.value);
    else reasons.add(seen.reason);
  }
  return { found: found.size === 0 ? undefined : found, reasons: [...reasons] };
}
