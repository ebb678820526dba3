import type { Environment } from './docker-config.js';
import type { IoStats } from '../stats/stats.js';
import type { Resolve } from '../net/sending.js';
import type {
  FileQuestion,
  ImageAccess,
  ImageBase,
  ImageConfig,
  ImageFiles,
  ImagePlatforms,
  ImageSeen,
  LocalImage,
} from './facts.js';

/** Facts that looking at an image can give. */
export interface ImageFacts {
  readonly 'image.access'?: ImageAccess;
  readonly 'image.platforms'?: ImagePlatforms;
  readonly 'image.config'?: ImageConfig;
  readonly 'image.local'?: LocalImage;
  readonly 'image.files'?: ImageFiles;
  readonly 'image.seen'?: ImageSeen;
  readonly 'image.base'?: ImageBase;
}
export type ImageFactName = keyof ImageFacts;

/** Nobody promises that an image was seen before, or that it names its base. */
export const MAY_BE_ABSENT: ReadonlySet<ImageFactName> = new Set(['image.seen', 'image.base']);

/** Why a fact is not there: a short phrase, such as `registry.example did not answer within 10 s`. */
export type MissingImageFacts = Partial<Readonly<Record<ImageFactName, string>>>;

/** What a look may do, and for whom it is made. */
export interface LookOptions {
  /** Platforms of the target: the config is read for the first that the image has. */
  readonly platforms: readonly string[];
  /** Reads the config of the image's first platform where it has none of the target's. */
  readonly anyPlatform?: boolean;
  /** No network at all; files, and an engine behind a socket of this machine, are still looked at. */
  readonly offline: boolean;
  readonly env: Environment;
  /** Whether the credentials of the Docker config may be tried where an anonymous request is refused. */
  readonly credentials: boolean;
  /** Registries (`host[:port]`) that may be asked over plain HTTP; loopback may always. */
  readonly insecureRegistries: readonly string[];
  /** Further hosts that may have private addresses: token servers and content stores of a private registry. */
  readonly allowedHosts?: readonly string[];
  /** False when the reference may come from a stranger: then its registry must have a public address. Default true. */
  readonly trustsReference?: boolean;
  /** The only registries that are asked; any when absent. */
  readonly onlyRegistries?: ReadonlySet<string>;
  /** Milliseconds for one request, and for the whole look. Default 10 s and 25 s. */
  readonly requestMs?: number;
  readonly totalMs?: number;
  /** What is asked of the files of the image, for the fact `image.files`; the config decides where programs are looked for. */
  readonly askFiles?: (config: ImageConfig) => FileQuestion | Promise<FileQuestion>;
  /** Milliseconds for reading layers. Default 5 min. */
  readonly layersMs?: number;
  /** Keeps what registries gave below the user's cache folder, and reads it from there. Default false. */
  readonly cache?: boolean;
  /** Mirrors of Docker Hub (`https://host[:port]`), asked for content by its digest and for nothing else. */
  readonly mirrors?: readonly string[];
  /** Finds the addresses of a host, and waits some milliseconds: what tests put in for the system's own. */
  readonly resolve?: Resolve;
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Ends the look early; what was not learned until then is missing. */
  readonly signal?: AbortSignal;
}

/** What was learned of an image, and why the rest was not. */
export interface Look {
  readonly facts: ImageFacts;
  readonly missing: MissingImageFacts;
  /** Says that the place which the user named is of no use: no such file, a broken archive, a tag it does not hold. */
  readonly problem?: string;
  readonly stats: IoStats;
}
