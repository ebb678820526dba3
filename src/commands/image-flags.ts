import type { LookAtImage } from '../check/check.js';
import { Flags } from './core.js';

/** Flags of every command that looks at images. */
export const imageFlags = {
  deep: Flags.boolean({ description: 'look into image layers and copied scripts too' }),
  offline: Flags.boolean({
    env: 'BACALHAU_PREFLIGHT_OFFLINE',
    description: 'use no network at all; what needs it is not checked',
  }),
  credentials: Flags.boolean({
    description: 'try the credentials of the Docker config even where CI is set',
  }),
  'allow-host': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'host that may be asked although its address is private; where CI is set, registries too; repeatable',
    helpValue: 'HOST',
  }),
  'ci-untrusted': Flags.boolean({
    env: 'BACALHAU_PREFLIGHT_CI_UNTRUSTED',
    description: 'for the text of strangers: ask public registries only, with no credentials, probes or plugins',
    exclusive: ['credentials', 'allow-host', 'insecure-registry', 'probe'],
  }),
  'insecure-registry': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'registry that may be asked over plain HTTP; repeatable',
    helpValue: 'HOST',
  }),
  'registry-mirror': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: "mirror of Docker Hub to read content from, instead of those of this machine's Docker; repeatable",
    helpValue: 'URL',
  }),
  'no-cache': Flags.boolean({
    env: 'BACALHAU_PREFLIGHT_NO_CACHE',
    description: 'neither read nor keep what registries gave',
  }),
};

/** Flag of every command that reads and looks. */
export const statsFlag = {
  stats: Flags.boolean({
    description: 'say what it cost: requests, bytes read, answers from the cache, time of each phase',
  }),
};

/** The values of these flags. */
export interface ImageFlagValues {
  readonly offline: boolean;
  readonly credentials: boolean;
  readonly 'allow-host'?: string[] | undefined;
  readonly 'insecure-registry'?: string[] | undefined;
  readonly 'registry-mirror'?: string[] | undefined;
  readonly 'no-cache'?: boolean | undefined;
  readonly 'ci-untrusted'?: boolean | undefined;
  /** The only registries that may be asked; any when absent. */
  readonly onlyRegistries?: ReadonlySet<string> | undefined;
}

/** An image that was named on the command line, and where to tell what is wrong with such names. */
export interface NamedImage {
  readonly text?: string | undefined;
  /** Wants to see it also where it has none of the target's platforms. */
  readonly anyPlatform?: boolean;
  /** Gets a line where the place is of no use, such as a file that is not there. */
  readonly problems: string[];
}

/** How long a run looks at images, all together, in milliseconds: a slow registry must not hold up a pipeline. */
const LOOKING_MS = 120_000;

async function mirrorsOf(flags: ImageFlagValues): Promise<string[]> {
  if (flags.offline) return [];
  if (flags['registry-mirror'] !== undefined) return flags['registry-mirror'];
  const { daemonMirrors } = await import('../image/registry/mirror-settings.js');
  return daemonMirrors(process.env);
}

/** Gives the function that looks at images; the code that does it is loaded when the first image is asked for. */
export function imageLooker(flags: ImageFlagValues, named: NamedImage): LookAtImage {
  // What is checked in CI may come from a stranger: it decides neither where credentials are sent, nor which hosts of
  // the network around are asked.
  const isUntrusted = flags['ci-untrusted'] === true;
  const inCI = isUntrusted || (process.env.CI !== undefined && process.env.CI !== '');
  let signal: AbortSignal | undefined;
  let mirrors: Promise<string[]> | undefined;
  const insecureRegistries = flags['insecure-registry'] ?? [];
  return async (name, wanted, platforms, askFiles) => {
    const { lookAtImage } = await import('../image/look.js');
    signal ??= AbortSignal.timeout(LOOKING_MS);
    mirrors ??= mirrorsOf(flags);
    const look = await lookAtImage(name, wanted, {
      askFiles,
      anyPlatform: named.anyPlatform ?? false,
      cache: flags['no-cache'] !== true,
      mirrors: await mirrors,
      signal,
      platforms,
      offline: flags.offline,
      env: process.env,
      credentials: !inCI || flags.credentials,
      insecureRegistries,
      allowedHosts: [...(flags['allow-host'] ?? []), ...insecureRegistries],
      trustsReference: !inCI || (!isUntrusted && name.text === named.text),
      ...(flags.onlyRegistries === undefined ? {} : { onlyRegistries: flags.onlyRegistries }),
    });
    if (look.problem !== undefined) named.problems.push(look.problem);
    return look;
  };
}

/** Looks at each image once, however often a mended text is checked again. */
export function rememberLooks(look: LookAtImage): LookAtImage {
  const known = new Map<string, ReturnType<LookAtImage>>();
  return (name, wanted, platforms, askFiles) => {
    // Which files of the image matter depends on the job, which a fix may change.
    if (wanted.has('image.files')) return look(name, wanted, platforms, askFiles);
    const key = JSON.stringify([name.text, [...wanted].sort(), platforms]);
    const result = known.get(key) ?? look(name, wanted, platforms, askFiles);
    known.set(key, result);
    return result;
  };
}
