import { parseCid } from '../../job/cid.js';
import { downloadOf } from '../../job/input-name.js';
import type { InputSource } from '../../job/job-spec.js';
import { s3Partition } from '../../job/s3-partition.js';
import { s3Place, s3Text } from '../../job/s3-place.js';
import { sourceType, textParam } from '../../job/source-params.js';
import { unfilledPart } from '../../job/unfilled.js';
import { CannotLook } from '../../net/failure.js';
import { hostName } from '../../net/host.js';
import { openTransport } from '../../net/transport.js';
import { sizeText } from '../../text/size.js';
import { shownAddress } from '../../text/web-address.js';
import type { PlannedInput } from '../plan.js';
import { nodeGivesUp, startDeadline } from './deadline.js';
import { CannotStage, type StagedEntry, type StagedInput } from '../staged-input.js';
import { refuseSize, type Fetching, type FetchOptions } from './fetching.js';

/** Where content comes from. */
interface Origin {
  /** For people; holds no secret. */
  readonly description: string;
  /** `host[:port]` that is asked. */
  readonly host: string;
  /** Whether the user named the host, and not a job. */
  readonly isTrusted?: boolean;
  /** Asks what is there. Throws `CannotLook`, and so do the entries. */
  readonly fetch: (fetching: Fetching) => Promise<StagedInput>;
}

const DEFAULT_REQUEST_MS = 10_000;

/**
 * Prepares what the source of an input gives, asking for it as a node does.
 *
 * @returns undefined for a source whose content cannot be had from here
 * @throws CannotStage when it is not there, may not be asked for, or is too large; the message says what to do
 */
export async function fetchInput(
  { source, target, layout, partition }: PlannedInput,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<StagedInput | undefined> {
  const origin = source === undefined ? undefined : originOf(source, options);
  if (origin === undefined) return undefined;
  const { description, host, isTrusted = false, fetch } = origin;
  const cannot = (reason: string): CannotStage =>
    new CannotStage(`cannot fetch ${description}: ${reason}. Put a sample in its place: --input ${target}=PATH`);
  if (options.whyNot !== undefined) throw cannot(options.whyNot);
  // A job may come from a stranger: it does not decide which hosts of the network around are asked.
  const policy = { host, allowedHosts: options.allowedHosts, trustsHost: isTrusted };
  const requestMs = options.requestMs ?? DEFAULT_REQUEST_MS;
  const deadline = startDeadline(options.maxMs, signal);
  const transport = openTransport({ policy, env: options.env, requestMs, signal: deadline.signal });
  const asOurs = (error: unknown): unknown => {
    if (!(error instanceof CannotLook)) return error;
    return cannot(deadline.isOver() ? tooLong(source, options.maxMs) : error.message);
  };
  const end = (): void => {
    deadline.stop();
    transport.close();
  };
  try {
    const staged = await fetch({ ...options, transport, layout, target, partition });
    refuseSize(staged.total?.bytes ?? 0, options.maxBytes);
    return {
      ...staged,
      async *entries(stop) {
        try {
          yield* checked(staged.entries(stop), options.maxBytes, asOurs);
        } catch (error) {
          throw asOurs(error);
        } finally {
          end();
        }
      },
    };
  } catch (error) {
    end();
    throw asOurs(error);
  }
}

function tooLong(source: InputSource | undefined, ms: number): string {
  const node = source === undefined ? undefined : nodeGivesUp(source, ms / 1000);
  const more = node === undefined ? '' : `; ${node}`;
  return `it was not here after the ${String(ms / 1000)} s that --max-fetch-time allows${more}`;
}

/** Stops before the file that would be too much; failures while a file is read are told like all others. */
async function* checked(
  entries: AsyncIterable<StagedEntry>,
  most: number,
  asOurs: (error: unknown) => unknown,
): AsyncGenerator<StagedEntry> {
  let bytes = 0;
  for await (const entry of entries) {
    if (entry.kind !== 'file') {
      yield entry;
      continue;
    }
    bytes += entry.size;
    if (bytes > most) throw new CannotLook(`it has more than the ${sizeText(most)} that --max-input-size allows`);
    const { open } = entry;
    yield {
      ...entry,
      async *open() {
        try {
          yield* open();
        } catch (error) {
          throw asOurs(error);
        }
      },
    };
  }
}

/** What fetches from a place is loaded when the first input is there. */
function originOf(input: InputSource, options: FetchOptions): Origin | undefined {
  switch (sourceType(input)) {
    case 'urldownload': {
      const url = textParam(input.source, 'URL')?.value ?? '';
      if (unfilledPart(url) !== undefined || !URL.canParse(url) || downloadOf(url).kind !== 'file') return undefined;
      const fetch: Origin['fetch'] = async (fetching) => (await import('./url.js')).fetchUrl(url, fetching);
      return { description: shownAddress(url), host: new URL(url).host, fetch };
    }
    case 's3': {
      const place = s3Place(input.source);
      if (place === undefined) return undefined;
      const host = place.endpoint === undefined ? 's3.amazonaws.com' : new URL(place.endpoint).host;
      const isNamed =
        (place.endpoint === undefined && options.sendsCredentials) ||
        options.allowedHosts.some((allowed) => hostName(allowed) === hostName(host));
      const whyNoCredentials = isNamed ? undefined : `--allow-host ${hostName(host)} lets it be sent yours`;
      const fetch: Origin['fetch'] = async (fetching) =>
        (await import('./s3.js')).fetchS3(place, s3Partition(input.source), { ...fetching, whyNoCredentials });
      return { description: s3Text(place), host, fetch };
    }
    case 'ipfs': {
      const cid = parseCid(textParam(input.source, 'CID')?.value ?? '');
      if (cid === undefined) return undefined;
      const fetch: Origin['fetch'] = async (fetching) => (await import('./ipfs.js')).fetchIpfs(cid, fetching);
      return { description: `ipfs://${cid.toString()}`, host: options.ipfs?.url.host ?? '', isTrusted: true, fetch };
    }
    default:
      return undefined;
  }
}
