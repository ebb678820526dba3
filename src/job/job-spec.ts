import type { Located, Place, SourceText } from '../text/source.js';
import type { MapEntry, MapNode } from './tree.js';

/** Where a job spec was read from: a spec file, or a `bacalhau docker run …` line that stands for one. */
export type JobOrigin = 'spec' | 'command';

/**
 * A job as Bacalhau understands it (release 1.9, `pkg/models`), with the place of every value.
 * A field is absent when the text does not give it, or gives it in a type that Bacalhau refuses
 * (then `problems` says so). Defaults are not filled in: `src/target` knows them by release.
 */
export interface JobSpec {
  readonly source: SourceText;
  readonly origin: JobOrigin;
  /** The whole document, for findings about something that is missing. */
  readonly at: Place;
  readonly name?: Located<string>;
  readonly namespace?: Located<string>;
  /** As written; Bacalhau knows `batch`, `ops`, `service` and `daemon`. */
  readonly type?: Located<string>;
  readonly count?: Located<number>;
  readonly constraints: readonly Constraint[];
  readonly labels: readonly EnvEntry[];
  /** The first task, the only one that Bacalhau keeps (`SanitizeSubmission`). */
  readonly task?: Task;
  /** Everything in the text that Bacalhau would refuse, drop or misread, in order of position. */
  readonly problems: readonly JobProblem[];
  /** Names of Go template variables without a value; what depends on them cannot be checked. */
  readonly unresolved: readonly Located<string>[];
  /** Command lines only: why there is no job to read in a line that is right, as half a sentence. */
  readonly notRead?: string;
}

export interface Task {
  readonly at: Place;
  readonly name?: Located<string>;
  readonly engine?: Engine;
  readonly publisher?: TypedParams;
  readonly env: readonly EnvEntry[];
  readonly inputs: readonly InputSource[];
  readonly resultPaths: readonly ResultPath[];
  readonly resources: Resources;
  readonly network?: Network;
  readonly timeouts: Timeouts;
}

export interface Engine {
  readonly at: Place;
  /** As written; compared without case by Bacalhau's engine lookup. */
  readonly type?: Located<string>;
  /** Present when the type is docker, in any case. */
  readonly docker?: DockerParams;
}

export interface DockerParams {
  readonly at: Place;
  readonly image?: Located<string>;
  /** Absent and empty mean the same: the image's own. */
  readonly entrypoint?: LocatedList;
  readonly parameters?: LocatedList;
  /** `KEY=value` texts, as written. */
  readonly environmentVariables: readonly Located<string>[];
  readonly workingDirectory?: Located<string>;
}

/** A list of texts that has a place of its own (`Entrypoint: [a, b]`). */
export interface LocatedList extends Place {
  readonly items: readonly Located<string>[];
}

/** A `{Type, Params}` pair: a source or a publisher. Parameter names are matched without case. */
export interface TypedParams {
  readonly at: Place;
  readonly type?: Located<string>;
  /** Keys in Bacalhau's own spelling (`CID`, `Bucket`, …) where it knows them, else as written. */
  readonly params: ReadonlyMap<string, Located<ParamValue>>;
}

/** What a parameter can hold; nested values are kept as plain data. */
export type ParamValue = string | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>;

export interface InputSource {
  readonly at: Place;
  /** Its index in `InputSources`, from 0. */
  readonly index: number;
  readonly source?: TypedParams;
  readonly alias?: Located<string>;
  readonly target?: Located<string>;
  /**
   * Command lines only: the part of an `ipfs://CID/path` that Bacalhau drops without a word
   * (`cmd/util/opts/storage_specconfig.go`, release 1.9).
   */
  readonly droppedPath?: Located<string>;
}

export interface ResultPath {
  readonly at: Place;
  readonly name?: Located<string>;
  readonly path?: Located<string>;
}

export interface EnvEntry {
  readonly name: Located<string>;
  readonly value: Located<string>;
}

export interface Resources {
  readonly at?: Place;
  readonly cpu?: Located<string>;
  readonly memory?: Located<string>;
  readonly disk?: Located<string>;
  readonly gpu?: Located<string>;
}

export interface Network {
  readonly at: Place;
  /** As written; compared without case. Absent means `Default` (1.7 and later) or `None` (before). */
  readonly type?: Located<string>;
  readonly domains: readonly Located<string>[];
  readonly ports: readonly Port[];
}

export interface Port extends Place {
  readonly name?: Located<string>;
  readonly static?: Located<number>;
  readonly target?: Located<number>;
  readonly hostNetwork?: Located<string>;
}

export interface Timeouts {
  /** Whole seconds. */
  readonly execution?: Located<number>;
  readonly queue?: Located<number>;
  readonly total?: Located<number>;
}

export interface Constraint {
  readonly at: Place;
  readonly key?: Located<string>;
  readonly operator?: Located<string>;
  readonly values: readonly Located<string>[];
}

/** Entries of a mapping that belong into another one. */
export interface Move {
  readonly from: MapNode;
  /** In the order of the text. */
  readonly entries: readonly MapEntry[];
  readonly to: MapNode;
  /** The key in `to` that holds the mapping they belong into, when that mapping is not there yet. */
  readonly below?: NewMapping;
  /** For a sentence and a title: `into the Params of the Engine`. */
  readonly where: string;
}

/** A mapping that is not there yet: `key` is, where it stands without a value. */
export interface NewMapping {
  readonly name: string;
  readonly key?: Located<string>;
}

/** Neighbours in a list. */
export interface Join {
  readonly first: MapNode;
  readonly second: MapNode;
}

/** The kinds of problem that reading can find; each has its rule under `rules/job` or `rules/legacy`. */
export type JobProblemKind =
  | 'syntax'
  | 'template'
  | 'legacy-format'
  | 'unknown-key'
  | 'ignored-key'
  | 'system-key'
  | 'wrong-type'
  | 'missing-field'
  | 'bad-value'
  | 'duplicate-key'
  | 'duplicate-value'
  | 'extra-document'
  | 'extra-task'
  | 'engine-params'
  | 'source-params'
  | 'publisher-params'
  | 'unknown-type'
  | 'command-line'
  | 'docker-option';

/** One problem that was found while reading. The rule of its `kind` turns it into a finding. */
export interface JobProblem {
  readonly kind: JobProblemKind;
  readonly at: Place;
  /** One sentence: what was found, what was expected, what Bacalhau does with it. */
  readonly message: string;
  /** The stage where Bacalhau trips, if it differs from the default of the kind's rule. */
  readonly stage?: 'client' | 'orchestrator' | 'schedule' | 'node' | 'run' | 'results';
  readonly severity?: 'error' | 'warning' | 'info';
  /** Bacalhau's own words, shortened, for people who search for them. */
  readonly quote?: string;
  /** The text that would be right at this place, when there is only one. */
  readonly replacement?: string;
  /** Where the key at this place belongs, when it can belong to one place only. */
  readonly move?: Move;
  /** Two list items that were meant as one. */
  readonly join?: Join;
  /** Bacalhau takes the job as it stands, and would do something else with it after the correction. */
  readonly changesJob?: boolean;
  /** First and last release (inclusive) for which this holds, as `major.minor.patch`. */
  readonly since?: string;
  readonly until?: string;
  /** Another place that matters: the first of two duplicates. */
  readonly related?: { readonly at: Place; readonly message: string };
}
