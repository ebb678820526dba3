import type { ImageConfig, ImagePlatforms, ImageSource } from '../image/facts.js';
import type { JobSpec } from '../job/job-spec.js';
import type { ProbeFacts } from '../probe/facts.js';
import type { Target } from '../target/target.js';
import type { Place, SourceText } from '../text/source.js';
import type { RunEvidence } from '../workload/run-evidence.js';
import type { Workload } from '../workload/workload.js';
import type { Fix, SubjectKind } from './rule.js';
import type { IgnoreNote, SuppressedFinding } from './suppress.js';
import type { Confidence, Severity, Stage } from './stage.js';

/** A finding as the engine gives it: complete, in order, with its confidence settled. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly stage: Stage;
  readonly message: string;
  readonly remedy: string;
  readonly at: Place;
  /** The text at `at` is a secret, which no report shows. */
  readonly isSecret?: boolean;
  readonly related: readonly { readonly message: string; readonly at?: Place }[];
  readonly fix?: Fix;
}

/** What could not be looked at, why, and which rules therefore said nothing. */
export interface NotChecked {
  /** Name of a fact, such as `image.platforms`. */
  readonly fact: string;
  readonly reason: string;
  readonly rules: readonly string[];
}

/** What was learned of one subject. */
export interface SubjectReport {
  readonly kind: SubjectKind;
  readonly source: SourceText;
  /** What it was checked against. */
  readonly target: Target;
  /** The earliest stage of an error, or `ok`. It speaks of what was looked at. */
  readonly verdict: Stage | 'ok';
  readonly image?: LookedAtImage;
  /** What was read and understood of it, for reports that show more than findings. */
  readonly job?: JobSpec;
  readonly workload?: Workload;
  /** What was seen of the inputs from outside. */
  readonly probes?: ProbeFacts;
  /** What a dry run saw. */
  readonly run?: RunEvidence;
  readonly findings: readonly Finding[];
  /** What was found and is not told, because somebody said so. */
  readonly suppressed?: readonly SuppressedFinding[];
  readonly ignoreNotes?: readonly IgnoreNote[];
  readonly notChecked: readonly NotChecked[];
  /**
   * Rules that ran and could look at all they wanted: only of those can an ignore, or an entry of a baseline, be of no
   * use any more.
   */
  readonly settledRules?: ReadonlySet<string>;
  /** How many rules had something to look at in this subject and could look at it. */
  readonly rulesRun: number;
}

/** The image of a subject, with what was learned of it. */
export interface LookedAtImage {
  /** As the subject or the user names it. */
  readonly reference: string;
  readonly source: ImageSource;
  readonly at: Place;
  readonly platforms?: ImagePlatforms;
  readonly config?: ImageConfig;
  readonly access?: string;
}
