import type { Severity } from '../check/stage.js';
import type { AllowedImages } from '../target/target.js';
import type { Position } from '../text/source.js';

/** Something that a configuration file says, with the place where it says it. */
export interface Said<T> {
  readonly value: T;
  readonly at: Position;
}

/** What a rule is set to: not run at all, or the severity of all that it finds. */
export type RuleSetting = 'off' | Severity;

/** What applies to some of the files only, or to all of them. */
export interface Settings {
  /** A Bacalhau release, or the path of a target file seen from the working directory. */
  readonly target?: Said<string>;
  readonly platforms?: Said<readonly string[]>;
  /** Rule ids, or `group/*`, in the order of the file: the last that fits counts. */
  readonly rules: ReadonlyMap<string, Said<RuleSetting>>;
  /** Keys of a target file that say what a network of your own offers. */
  readonly network?: Said<Readonly<Record<string, unknown>>>;
}

/** Settings for a part of the files. */
export interface Override extends Settings {
  /** Patterns as in `.gitignore`, seen from the folder of the configuration file. */
  readonly paths: readonly Said<string>[];
}

/** Findings that are known and not told. */
export interface Ignore {
  /** Patterns as in `.gitignore`; none means every file. */
  readonly paths: readonly Said<string>[];
  /** Rule ids, `group/*` or `*`. */
  readonly rules: readonly string[];
  readonly reason?: string;
  readonly at: Position;
}

/** A configuration file, as plain data. Nothing of it has been acted on. */
export interface Config extends Settings {
  /** As found or named; absent when there is no file. */
  readonly path?: string;
  /** Folder that its patterns are seen from, absolute. */
  readonly folder: string;
  /** Whether the user named the file. A file that was found in the inspected tree may come from a stranger. */
  readonly named: boolean;
  readonly failOn?: Severity | 'never';
  readonly strict?: boolean;
  readonly allowed?: AllowedImages;
  /** Image names without tag to the Dockerfile that builds them, a path seen from the working directory. */
  readonly images: ReadonlyMap<string, Said<string>>;
  /** In the order of the file; of two that say something about a file, the later counts. */
  readonly overrides: readonly Override[];
  readonly ignores: readonly Ignore[];
  /** File with findings that are known, a path seen from the working directory. */
  readonly baseline?: Said<string>;
  /** Modules with rules of the user's own. Empty unless the file was named. */
  readonly plugins: readonly Said<string>[];
  /** Hosts that may be asked although their address is private. Empty unless the file was named. */
  readonly allowHosts: readonly string[];
  /** Registries that may be asked over plain HTTP. Empty unless the file was named. */
  readonly insecureRegistries: readonly string[];
  /** What is told beside the report: `FILE:LINE:COLUMN: …`. */
  readonly notes: readonly string[];
}

/** The configuration of a run without a file. */
export function noConfig(folder: string): Config {
  return {
    folder,
    named: false,
    rules: new Map(),
    images: new Map(),
    overrides: [],
    ignores: [],
    plugins: [],
    allowHosts: [],
    insecureRegistries: [],
    notes: [],
  };
}
