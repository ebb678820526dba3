/** Why a container did not start; `image-platform` and `input` were seen before it was tried. */
export type NotStartedCause =
  | 'image-platform'
  | 'no-command'
  | 'not-found'
  | 'no-interpreter'
  | 'carriage-return'
  | 'exec-format'
  | 'not-executable'
  | 'no-such-user'
  | 'working-dir'
  | 'mount'
  | 'memory'
  | 'no-domains';

export interface NotStarted {
  readonly cause: NotStartedCause;
  /** The engine's own words, or what was seen instead of trying. Untrusted. */
  readonly said: string;
  /** What it is about: a program, a user, a path. */
  readonly about?: string;
}

/** A file that the program left outside its results; it is deleted with the container. */
export interface LostFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes?: number;
}

/** A folder of results as the node would collect it. */
export interface ResultFolder {
  /** The `Name` of the result path: the folder beside stdout. */
  readonly name: string;
  /** Absolute path in the container. */
  readonly path: string;
  readonly files: readonly ResultFile[];
  /** Links and other things that no result holds, as paths below the folder. */
  readonly dropped: readonly string[];
  /** True when there was more than the dry run takes. */
  readonly cut?: boolean;
}

export interface ResultFile {
  /** Below the folder. */
  readonly path: string;
  readonly bytes: number;
}

/** Bytes of stdout or stderr; `cut` when they were more than a node keeps. */
export interface CapturedText {
  readonly bytes: number;
  readonly cut: boolean;
}

/** A line of stderr that speaks of the network or of a permission. */
export interface Sign {
  readonly kind: 'network' | 'permission' | 'read-only';
  /** The line, shortened. Untrusted. */
  readonly line: string;
  /** A host or path that it names. */
  readonly about?: string;
}

/** What a dry run saw of a job. */
export interface RunEvidence {
  /**
   * - `not-started`: `notStarted` says why
   * - `exited`: by itself, with `exitCode`
   * - `memory`: killed at its memory limit
   * - `timeout`: stopped after the job's own `timeout.seconds`
   * - `limit`: stopped at a limit that only the dry run has
   */
  readonly ended: 'not-started' | 'exited' | 'memory' | 'timeout' | 'limit';
  readonly notStarted?: NotStarted;
  /** What the program ended with; a killed one ends with 128 + the signal. */
  readonly exitCode?: number;
  readonly limit?: 'time' | 'results';
  /** The words of the command, as the container got them. */
  readonly command: readonly string[];
  /** From start to end. */
  readonly seconds: number;
  readonly memory: { readonly limitBytes: number; readonly requested: boolean; readonly peakBytes?: number };
  /** Cores; `throttled` is the part of the time, 0 to 1, in which the program was held back. */
  readonly cpu: {
    readonly limit: number;
    readonly requested: boolean;
    readonly used?: number;
    readonly throttled?: number;
  };
  readonly timeout?: { readonly seconds: number };
  /** Whether all capabilities were dropped (`--harden`), so that a denied permission may be ours. */
  readonly hardened: boolean;
  /** USER of the image, as the engine read it. */
  readonly user: string;
  readonly network: {
    readonly mode: 'none' | 'bridge' | 'host' | 'http';
    readonly allowed: readonly string[];
    /** Hosts that the gateway refused, with the port that was asked for. */
    readonly refused: readonly string[];
  };
  readonly stdout: CapturedText;
  readonly stderr: CapturedText;
  readonly results: readonly ResultFolder[];
  readonly lost: readonly LostFile[];
  /** `opened` is absent where it could not be seen. */
  readonly inputs: readonly { readonly target: string; readonly opened?: boolean; readonly bytes: number }[];
  readonly signs: readonly Sign[];
  /** Bytes that the job asks for as Disk. */
  readonly disk?: number;
}
