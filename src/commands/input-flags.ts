import type { LookAtInputs } from '../check/check.js';
import type { IpfsEndpoint } from '../probe/ipfs/blocks.js';
import { Flags, UsageError } from './core.js';
import type { ImageFlagValues } from './image-flags.js';

/** Flags that name where content of IPFS is asked for; nothing public is asked by itself. */
export const ipfsFlags = {
  'ipfs-gateway': Flags.string({
    env: 'BACALHAU_PREFLIGHT_IPFS_GATEWAY',
    description: 'gateway to ask for IPFS inputs; what it gives is verified',
    helpValue: 'URL',
    exclusive: ['ipfs-api'],
  }),
  'ipfs-api': Flags.string({
    env: 'BACALHAU_PREFLIGHT_IPFS_API',
    description: 'RPC address of an IPFS node (Kubo) to ask for IPFS inputs, such as http://127.0.0.1:5001',
    helpValue: 'URL',
  }),
};

/** Flags of commands that look at inputs from outside, beside those for images. */
export const inputFlags = {
  ...ipfsFlags,
  probe: Flags.boolean({
    description: 'look at inputs and buckets from outside even where CI is set',
  }),
};

/** The values of these flags, with those for images that hold here too. */
export type InputFlagValues = Pick<ImageFlagValues, 'offline' | 'credentials' | 'allow-host' | 'ci-untrusted'> &
  IpfsFlagValues & { readonly probe: boolean };

/** Where content of IPFS is asked for; at most one is given. */
interface IpfsFlagValues {
  readonly 'ipfs-gateway'?: string | undefined;
  readonly 'ipfs-api'?: string | undefined;
}

/** Gives the place that the user names for IPFS; undefined when none is. */
export function ipfsEndpoint(flags: IpfsFlagValues): IpfsEndpoint | undefined {
  for (const kind of ['gateway', 'api'] as const) {
    const text = flags[`ipfs-${kind}`];
    if (text === undefined) continue;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.protocol === 'http:' || url?.protocol === 'https:') return { kind, url };
    const what = kind === 'api' ? 'node' : 'gateway';
    throw new UsageError(`--ipfs-${kind} ${text}: expected the http(s) address of a ${what}`);
  }
  return undefined;
}

/**
 * Gives the function that looks at inputs; the code that does it is loaded when the first job wants it.
 *
 * @param noCredentials says in CI why the user's own are not used
 */
export function inputLooker(flags: InputFlagValues, noCredentials = '--credentials tries yours'): LookAtInputs {
  const reason = whyNot(flags);
  const ipfs = ipfsEndpoint(flags);
  const prober = once(async () => {
    const { openProber } = await import('../probe/look.js');
    const whyNoCredentials = inCI() && !flags.credentials ? noCredentials : undefined;
    return openProber({ env: process.env, allowedHosts: flags['allow-host'] ?? [], whyNoCredentials, ipfs });
  });
  return async (job, wanted) => {
    if (reason !== undefined)
      return { facts: {}, missing: Object.fromEntries([...wanted].map((fact) => [fact, reason])) };
    return (await prober()).look(job, wanted);
  };
}

/** A job in CI may come from a stranger, who must not be able to send requests from there. */
function whyNot({ offline, probe, 'ci-untrusted': isUntrusted }: InputFlagValues): string | undefined {
  if (offline) return 'offline';
  if (isUntrusted === true) return 'with --ci-untrusted no inputs are looked at';
  return inCI() && !probe ? 'CI is set: --probe lets inputs be looked at' : undefined;
}

/** Whether this runs in a pipeline. */
export function inCI(): boolean {
  return process.env.CI !== undefined && process.env.CI !== '';
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
