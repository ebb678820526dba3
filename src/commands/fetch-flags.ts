import type { FetchOptions } from '../dryrun/fetch/fetching.js';
import type { PlannedInput } from '../dryrun/plan.js';
import type { LookAtInputs } from '../check/check.js';
import { sourceType } from '../job/source-params.js';
import { readBytes } from '../job/validate-resources.js';
import { Flags, UsageError } from './core.js';
import { inCI, inputLooker, ipfsEndpoint, ipfsFlags, type InputFlagValues } from './input-flags.js';

/** Flags for inputs that are fetched from where the job says. */
export const fetchFlags = {
  sample: Flags.integer({
    min: 1,
    description: 'take the first N objects of an S3 listing, or files of an IPFS folder',
    helpValue: 'N',
  }),
  'max-input-size': Flags.string({
    default: '4GB',
    description: 'most that is fetched of one input',
    helpValue: 'SIZE',
  }),
  'max-fetch-time': Flags.integer({
    default: 600,
    min: 1,
    max: 86_400,
    description: 'seconds that fetching one input may take',
    helpValue: 'SECONDS',
  }),
  'allow-host': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description:
      'host of inputs or of network mode HTTP that may be reached although its address is private; an object store there may be sent your credentials; repeatable',
    helpValue: 'HOST',
  }),
  ...ipfsFlags,
  probe: Flags.boolean({ description: 'fetch inputs even where CI is set' }),
};

/** The values of these flags. */
export type FetchFlagValues = Omit<InputFlagValues, 'offline' | 'credentials'> & {
  readonly sample?: number | undefined;
  readonly 'max-input-size': string;
  readonly 'max-fetch-time': number;
};

/**
 * Makes of the flags what a fetcher needs.
 *
 * @throws UsageError for a size or address that is none
 */
export function fetchOptions(flags: FetchFlagValues): FetchOptions {
  const maxBytes = readBytes(flags['max-input-size'].toLowerCase().replaceAll(' ', ''));
  if (maxBytes === undefined) {
    throw new UsageError(`--max-input-size ${flags['max-input-size']}: expected a size such as 2GB`);
  }
  return {
    env: process.env,
    allowedHosts: flags['allow-host'] ?? [],
    // A job in CI may come from a stranger, who must not be able to send requests from there.
    whyNot: inCI() && !flags.probe ? 'CI is set, and --probe lets inputs be fetched there' : undefined,
    sendsCredentials: !inCI(),
    ipfs: ipfsEndpoint(flags),
    sample: flags.sample,
    maxBytes: Math.floor(maxBytes),
    maxMs: flags['max-fetch-time'] * 1000,
  };
}

/** Gives the function that looks at the inputs of a job that nothing was put in place of, and at nothing else. */
export function fetchedLooker(flags: FetchFlagValues, inputs: readonly PlannedInput[]): LookAtInputs {
  const look = inputLooker({ ...flags, offline: false, credentials: false }, 'a dry run in CI looks without any');
  const fetched = new Set(fetchedSources(inputs).map(({ index }) => index));
  return async (job, wanted) => {
    const { task } = job;
    const seen =
      task === undefined
        ? job
        : { ...job, task: { ...task, inputs: task.inputs.filter(({ index }) => fetched.has(index)) } };
    const looked = await look(seen, new Set([...wanted].filter((fact) => fact !== 'probe.bucket')));
    if (!wanted.has('probe.bucket')) return looked;
    return { ...looked, missing: { ...looked.missing, 'probe.bucket': 'a dry run publishes nothing; check looks' } };
  };
}

/** The facts that a look at the fetched inputs gives. */
export function fetchedFacts(inputs: readonly PlannedInput[]): ReadonlySet<string> {
  return new Set(fetchedSources(inputs).map((source) => FACTS[sourceType(source) ?? ''] ?? ''));
}

const FACTS: Readonly<Record<string, string>> = { urldownload: 'probe.url', s3: 'probe.s3', ipfs: 'probe.ipfs' };

function fetchedSources(inputs: readonly PlannedInput[]): NonNullable<PlannedInput['source']>[] {
  return inputs.flatMap(({ source, replacement }) =>
    source === undefined || replacement !== undefined ? [] : [source],
  );
}
