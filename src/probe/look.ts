import type { JobSpec } from '../job/job-spec.js';
import { reasonOf } from '../net/failure.js';
import type { Environment } from '../net/proxy.js';
import { openTransport, type Transport } from '../net/transport.js';
import { sumOfIo, type IoStats } from '../stats/stats.js';
import type { MissingProbes, ProbeFacts, UrlProbe } from './facts.js';
import { urlInputs } from './inputs.js';
import { probeUrl } from './url.js';

/** What a look at inputs may do. */
export interface ProbeOptions {
  readonly env: Environment;
  /** Hosts that may have private addresses. */
  readonly allowedHosts: readonly string[];
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
  const look = async (job: JobSpec, wanted: ReadonlySet<string>): Promise<ProbeLook> => {
    const costs: IoStats[] = [];
    const seen = wanted.has('probe.url')
      ? urlInputs(job).map(({ input, url: { value } }) => {
          const asked =
            urls.get(value) ?? ask(new URL(value), options, costs, (transport) => probeUrl(value, transport));
          urls.set(value, asked);
          return { index: input.index, asked };
        })
      : [];
    const { found, reasons } = await gathered(seen);
    return {
      facts: found === undefined ? {} : { 'probe.url': found },
      missing: reasons.length === 0 ? {} : { 'probe.url': reasons },
      stats: sumOfIo(costs),
    };
  };
  return { look };
}

/** What was learned of one thing, or why it was not. */
type Seen<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

async function ask<T>(
  { host }: URL,
  options: ProbeOptions,
  costs: IoStats[],
  probe: (transport: Transport) => Promise<T>,
): Promise<Seen<T>> {
  // A job may come from a stranger: it does not decide which hosts of the network around are asked.
  const policy = { host, allowedHosts: options.allowedHosts, trustsHost: false };
  const signal = AbortSignal.timeout(options.totalMs ?? DEFAULT_TOTAL_MS);
  const requestMs = options.requestMs ?? DEFAULT_REQUEST_MS;
  const transport = openTransport({ policy, env: options.env, requestMs, signal });
  try {
    return { ok: true, value: await probe(transport) };
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
