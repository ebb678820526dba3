import type { Dockerfile } from '../dockerfile/dockerfile.js';
import type {
  FileHead,
  ImageAccess,
  ImageBase,
  ImageConfig,
  ImageFiles,
  ImageName,
  ImagePlatforms,
  ImageSeen,
  LocalImage,
} from '../image/facts.js';
import type { JobSpec } from '../job/job-spec.js';
import type { BucketProbe, IpfsProbe, ProbeFacts, S3Probe, UrlProbe } from '../probe/facts.js';
import type { AllowedImages, Target } from '../target/target.js';
import type { Edit } from '../text/edit.js';
import type { Place, SourceText } from '../text/source.js';
import type { RunEvidence } from '../workload/run-evidence.js';
import type { Origin, Workload } from '../workload/workload.js';
import { SEVERITIES, STAGES, type Confidence, type Severity, type Stage } from './stage.js';

/** What is checked: a file, a command line or an image. */
export const SUBJECT_KINDS = ['job', 'command', 'dockerfile', 'image'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/**
 * What the world says about a subject. A fact that could not be learned is absent; one that has an answer for each input
 * of a job may be there for some of them only.
 */
export interface Facts extends ProbeFacts {
  /** What a registry says to a node that asks for the image. Absent for images named by a local place. */
  readonly 'image.access'?: ImageAccess;
  /** From the registry, or from the local place that the user named. */
  readonly 'image.platforms'?: ImagePlatforms;
  /** For the first of the target's platforms that the image has; of a local place else for the image's first. */
  readonly 'image.config'?: ImageConfig;
  /** What the local engine holds under the same name. */
  readonly 'image.local'?: LocalImage;
  /** Files of the image whose config this is; only with `--deep`. */
  readonly 'image.files'?: ImageFiles;
  /** What the tag named when this user last looked. Absent without a reason for digests, first looks and `--no-cache`. */
  readonly 'image.seen'?: ImageSeen;
  /** The base that the labels of the image name; only with `--deep`. Absent without a reason where they name none. */
  readonly 'image.base'?: ImageBase;
}
export type FactName = keyof Facts;

/** A part of an image that one line of its Dockerfile decides. */
export type ImagePart = 'platform' | 'user' | 'command';

/** What a rule judges. Everything is plain data; nothing here does I/O. */
export interface RuleContext {
  readonly kind: SubjectKind;
  readonly source: SourceText;
  readonly target: Target;
  /** Milliseconds since 1970 when the check is made, for what expires. */
  readonly now: number;
  /** Whether the user asked to look into image layers and copied scripts too (`--deep`). */
  readonly deep: boolean;
  /** Kinds `job` and `command`. */
  readonly job?: JobSpec;
  /** Kind `dockerfile`. */
  readonly dockerfile?: Dockerfile;
  /** The image that the subject names, with the place where it names it. */
  readonly image?: ImageName & { readonly at: Place };
  /** What the container will run: of a job with docker engine, a Dockerfile's final stage, or an image. */
  readonly workload?: Workload;
  readonly facts: Facts;
  /** What a dry run saw; absent when the job was only read. */
  readonly run?: RunEvidence;
}

/** A way to mend a finding: edits of files, commands to paste, or both. */
export interface Fix {
  /** What it does, as a command: `Write "Host"`. */
  readonly title: string;
  /** True only when what Bacalhau does with the job stays the same, or a refused job gets its only possible meaning. */
  readonly safe: boolean;
  readonly edits?: readonly Edit[];
  readonly commands?: readonly string[];
}

/** What a rule yields. Severity, stage and confidence are the rule's unless given. */
export interface RuleFinding {
  readonly at: Place;
  /** One sentence: what was found, what was expected, what happens on Bacalhau. */
  readonly message: string;
  readonly severity?: Severity;
  readonly stage?: Stage;
  /** What the rule is sure of by itself; the engine lowers it by `evidence`. Default high. */
  readonly confidence?: Confidence;
  /** How the words were learned that the finding stands on. */
  readonly evidence?: Origin;
  /** Whether the text at `at` is a secret, which no report shows. */
  readonly isSecret?: boolean;
  /** What to change here, when it can be said more exactly than by the rule's remedy. */
  readonly remedy?: string;
  readonly related?: readonly { readonly message: string; readonly at?: Place }[];
  readonly fix?: Fix;
}

/** A file of an example's image: a link as `-> TARGET`, or a file of which some things are told. */
export type ExampleFile = string | { readonly executable?: boolean; readonly head?: FileHead };

/** An image of an example, in short: what is left out is as in a plain public image of the target's platform. */
export interface ExampleImage {
  readonly access?: ImageAccess['kind'];
  readonly platforms?: readonly string[];
  readonly source?: ImagePlatforms['source'];
  readonly digest?: string;
  readonly config?: Partial<
    Pick<
      ImageConfig,
      | 'entrypoint'
      | 'cmd'
      | 'env'
      | 'user'
      | 'workingDir'
      | 'volumes'
      | 'exposedPorts'
      | 'labels'
      | 'hasHealthcheck'
      | 'size'
    >
  >;
  readonly local?: { readonly platform?: string; readonly repoDigests?: readonly string[] } | 'absent';
  /** What the tag named at an earlier look. */
  readonly seen?: ImageSeen;
  readonly base?: ImageBase;
  /** Files of the image by absolute path; `->` and a path make a link. A plain executable where no head is given. */
  readonly files?: Readonly<Record<string, ExampleFile>>;
  /** Facts that could not be learned. */
  readonly unknown?: readonly FactName[];
}

/** What is seen of the inputs of an example, the same for each of a type; what is left out is as it should be. */
export interface ExampleProbe {
  readonly url?: Partial<UrlProbe>;
  readonly s3?: Partial<Omit<S3Probe & { kind: 'found' }, 'kind'>> | Exclude<S3Probe, { kind: 'found' }>;
  readonly ipfs?: IpfsProbe;
  readonly bucket?: BucketProbe;
}

/** A runnable example. Exactly one of `job`, `command`, `dockerfile` and `reference` is given. */
export interface Example {
  /** What it shows, for the docs. */
  readonly title?: string;
  readonly job?: string;
  readonly command?: string;
  readonly dockerfile?: string;
  /** For `check --image`. */
  readonly reference?: string;
  readonly image?: ExampleImage;
  readonly probe?: ExampleProbe;
  /** The day on which it is checked, as YYYY-MM-DD. */
  readonly day?: string;
  /** What a dry run saw, where it differs from a good run of a second. */
  readonly run?: Partial<RunEvidence>;
  /** A built-in target (`1.6`), and platforms if they are not linux/amd64. */
  readonly target?: string;
  readonly platforms?: readonly string[];
  /** What the user's configuration lets in. */
  readonly allowed?: AllowedImages;
  /** With `--deep`. */
  readonly deep?: boolean;
}

export interface BadExample extends Example {
  readonly expect: {
    readonly stage: Stage;
    readonly severity: Severity;
    readonly confidence?: Confidence;
    /** The text that the finding underlines. */
    readonly at?: string;
    /** A part of the message. */
    readonly message?: string;
  };
}

/** One rule. Docs page, `explain`, SARIF help, the rule table and the rule's basic tests come from this object. */
export interface Rule {
  /** `<group>/<name>`, the path of its file under `rules/`. */
  readonly id: string;
  readonly stage: Stage;
  readonly severity: Severity;
  /** First and last Bacalhau release it holds for, inclusive; `1.6` means all of 1.6. */
  readonly since?: string;
  readonly until?: string;
  /** The problem in a few words, without a full stop. */
  readonly title: string;
  /** What Bacalhau does and since when, in two or three sentences. */
  readonly why: string;
  readonly remedy: string;
  /** What of the image the findings are about: where its Dockerfile is known, they name the line there. */
  readonly imagePart?: ImagePart;
  readonly examples: { readonly bad: readonly BadExample[]; readonly good: readonly Example[] };
  /** `run`: it judges what a dry run saw, and has nothing to say where there was none. */
  readonly judges?: 'run';
  /** Facts without which nothing can be said of this subject; empty when the rule has nothing to look at in it. */
  readonly needs?: (context: Omit<RuleContext, 'facts' | 'workload'>) => readonly FactName[];
  /** Facts it can do without, then saying less. */
  readonly uses?: (context: Omit<RuleContext, 'facts' | 'workload'>) => readonly FactName[];
  readonly check: (context: RuleContext) => Iterable<RuleFinding>;
}

/** Gives the rule back; it exists so that the compiler checks each rule where it is written. */
export function defineRule(rule: Rule): Rule {
  return rule;
}

/** Whether a value from outside has all that a rule must have. */
export function isRule(value: unknown): value is Rule {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const isText = (name: string): boolean => typeof fields.get(name) === 'string';
  const id = fields.get('id');
  const examples = fields.get('examples');
  return (
    typeof id === 'string' &&
    /^[a-z0-9-]+\/[a-z0-9-]+$/.test(id) &&
    STAGES.some((stage) => stage === fields.get('stage')) &&
    SEVERITIES.some((severity) => severity === fields.get('severity')) &&
    isText('title') &&
    isText('why') &&
    isText('remedy') &&
    hasExamples(examples) &&
    isRelease(fields.get('since')) &&
    isRelease(fields.get('until')) &&
    isFunctionOrNone(fields.get('needs')) &&
    isFunctionOrNone(fields.get('uses')) &&
    typeof fields.get('check') === 'function'
  );
}

function isRelease(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && /^\d+(?:\.\d+){0,2}$/.test(value));
}

function isFunctionOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'function';
}

function hasExamples(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('bad' in value) || !('good' in value)) return false;
  return Array.isArray(value.bad) && Array.isArray(value.good);
}
