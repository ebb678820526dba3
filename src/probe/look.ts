import { parseCid } from '../job/cid.js';
import type { JobSpec } from '../job/job-spec.js';
import { publisherPlace, type S3Place } from '../job/s3-place.js';
import { CannotLook, reasonOf } from '../net/failure.js';
import { hostName } from '../net/host.js';
import type { Environment } from '../net/proxy.js';
import { openTransport, type Transport } from '../net/transport.js';
import { sumOfIo, type IoStats } from '../stats/stats.js';
import type { BucketProbe, IpfsProbe, MissingProbes, ProbeFacts, S3Probe, UrlProbe } from './facts.js';
import { ipfsInputs, s3Inputs, urlInputs } from './inputs.js';
import type { IpfsEndpoint } from './ipfs/blocks.js';
import type { S3Access } from './s3/probe.js';
import { probeUrl } from './url.js';

/** What a look at inputs may do. */
export interface ProbeOptions {
  readonly env: Environment;
  /** Hosts that may have private addresses. */
  readonly allowedHosts: readonly string[];
  /** What allows the user's own credentials for object stores, as the end of a sentence; undefined when they may be used. */
  readonly whyNoCredentials: string | undefined;
  /** The gateway or node that the user names for IPFS; no other is asked. */
  readonly ipfs?: IpfsEndpoint | undefined;
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
  const contents = new Map<string, Promise<Seen<IpfsProbe>>>();
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
    const seenContents = (wanted.has('probe.ipfs') ? ipfsInputs(job) : []).map(({ input, cid: { value } }) => ({
      index: input.index,
      asked: askOnce(contents, value, ipfsQuestion(value, options.ipfs)),
    }));
    const place = wanted.has('probe.bucket') ? publisherPlace(job) : undefined;
    const seenBucket = (place === undefined ? [] : [place]).map((each) => ({
      index: 0,
      asked: askOnce(
        buckets,
        JSON.stringify([each.bucket, each.endpoint, each.region]),
        s3Question(each, options, ({ probeBucket }) => probeBucket),
      ),
    }));
    const url = await gathered(seenUrls);
    const s3 = await gathered(seenObjects);
    const ipfs = await gathered(seenContents);
    const published = await gathered(seenBucket);
    const facts = {
      'probe.url': url.found,
      'probe.s3': s3.found,
      'probe.ipfs': ipfs.found,
      'probe.bucket': published.found?.get(0),
    };
    const missing = {
      'probe.url': url.reasons,
      'probe.s3': s3.reasons,
      'probe.ipfs': ipfs.reasons,
      'probe.bucket': published.reasons,
    };
    return { facts: withoutAbsent(facts), missing: withoutAbsent(missing), stats: sumOfIo(costs) };
  };
  return { look };
}

/** What is there: no fact is given as undefined, and no list of reasons as empty. */
function withoutAbsent<T extends object>(all: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const result: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  return Object.assign(
    result,
    Object.fromEntries(
      Object.entries(all).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
    ),
  );
}

/** Something to be asked of a host. */
interface Question<T> {
  readonly host: string;
  /** Whether the user named the host, and not a job. */
  readonly isTrusted?: boolean;
  readonly answer: (transport: Transport) => Promise<T>;
}

/** Only the gateway or node that the user names is asked. */
function ipfsQuestion(text: string, endpoint: IpfsEndpoint | undefined): Question<IpfsProbe> {
  const answer = async (transport: Transport): Promise<IpfsProbe> => {
    const cid = parseCid(text);
    if (endpoint === undefined || cid === undefined) {
      throw new CannotLook('no IPFS gateway is named; --ipfs-gateway URL or --ipfs-api URL names one');
    }
    return (await import('./ipfs/probe.js')).probeIpfs(cid, endpoint, transport);
  };
  return { host: endpoint?.url.host ?? '', isTrusted: true, answer };
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

async function ask<T>(
  { host, answer, isTrusted = false }: Question<T>,
  options: ProbeOptions,
  costs: IoStats[],
): Promise<Seen<T>> {
  // A job may come from a stranger: it does not decide which hosts of the network around are asked.
  const policy = { host, allowedHosts: options.allowedHosts, trustsHost: isTrusted };
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
