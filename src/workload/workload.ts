import type { Place } from '../text/source.js';

/**
 * How a word came to be known, from certain to guessed. The engine caps the confidence of a finding by it:
 * `spec` and `exec` high, `shell` medium, `script` and `guess` low.
 *
 * - `spec`: a field of the job, the Dockerfile or the image config
 * - `exec`: a word of a command in exec form, handed to the program as it is
 * - `shell`: a word of shell text (`sh -c …`), after parsing it
 * - `script`: a word of code that the command runs, of which only some calls are understood: a script file, `python -c …`
 * - `guess`: stands on something that could not be seen (an unresolved variable, an unknown entrypoint, a condition)
 */
export type Origin = 'spec' | 'exec' | 'shell' | 'script' | 'guess';

/** Whose text a word is: the checked file has a place to underline, the image's config has none. */
export type WordSource = 'subject' | 'image';

/** One word of a command. */
export interface Word {
  /** The word as the program sees it; of a word with unknown parts, what is known with `…` in the gaps. */
  readonly text: string;
  /** False when a part is only known at run time (`$VAR`, `$(…)`). */
  readonly known: boolean;
  readonly origin: Origin;
  readonly from: WordSource;
  /** Where it stands in the checked file; absent for words of the image's config. */
  readonly at?: Place;
}

/** The command that the container starts (OCI runtime `process.args`), by Bacalhau's rules of the release. */
export interface EffectiveCommand {
  readonly words: readonly Word[];
  /** False when the image's ENTRYPOINT or CMD takes part and is not known. */
  readonly complete: boolean;
  /** Which parts make it up. */
  readonly entrypoint: 'job' | 'image' | 'none' | 'unknown';
  readonly arguments: 'job' | 'image' | 'none' | 'unknown';
  /** Absolute working directory; undefined when the image decides and is not known. */
  readonly workingDir?: string;
}

/** One simple command: a program with its arguments. `call.program` is its name without folders. */
export interface ProgramCall {
  readonly program: string;
  readonly words: readonly Word[];
  readonly origin: Origin;
}

/** A path that the workload reads or writes. */
export interface PathUse {
  /** Absolute, normalised, in the container. A glob keeps its pattern. */
  readonly path: string;
  /** The word (or redirection target) that names it. */
  readonly word: Word;
  readonly origin: Origin;
  /** The program that uses it, or `>` and `<` for redirections. */
  readonly by: string;
  /** True when the path may equally be something else (an argument of an unknown program). */
  readonly guess: boolean;
}

/** A place where the workload visibly uses the network. */
export interface NetworkUse {
  readonly word: Word;
  readonly origin: Origin;
  /** For people: `curl downloads https://…`, `pip installs packages`. */
  readonly what: string;
  readonly program: string;
  /** Host that is contacted, lower case, when it is visible. */
  readonly host?: string;
  /** Hosts that the program asks unless its configuration says otherwise; absent when the command names one. */
  readonly usualHosts?: readonly string[];
  /** False for tools that ignore `http_proxy` in lower case without a scheme (ssh, nc, database clients). */
  readonly usesProxy: boolean;
}

/** A variable of the environment that code cannot do without. */
export interface VariableUse {
  readonly name: string;
  readonly word: Word;
  /** The script or the program, for people. */
  readonly by: string;
}

/** What the container will visibly do. */
export interface Workload {
  readonly command: EffectiveCommand;
  readonly calls: readonly ProgramCall[];
  readonly reads: readonly PathUse[];
  readonly writes: readonly PathUse[];
  readonly network: readonly NetworkUse[];
  /** Without those that stand before the command: `A=1 python -c …`. */
  readonly variables: readonly VariableUse[];
  /** Absolute paths that stand somewhere in the command without a known role. */
  readonly mentions: readonly PathUse[];
  /** Places that cannot be seen through: a script file, `eval`, an unknown program. For people. */
  readonly opaque: readonly { readonly what: string; readonly word?: Word }[];
}
