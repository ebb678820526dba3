import type { Located, Place, SourceText } from '../text/source.js';
import type { BrokenReason } from './exec-form.js';

/** A Dockerfile as BuildKit reads it, reduced to what decides how the final image runs. */
export interface Dockerfile {
  readonly source: SourceText;
  readonly at: Place;
  readonly stages: readonly DockerfileStage[];
  /** The last stage, the one that is built by default; absent when there is no FROM. */
  readonly final?: DockerfileStage;
  readonly problems: readonly DockerfileProblem[];
  /** Why the file was not read; then there are neither stages nor problems. */
  readonly unread?: string;
}

export interface DockerfileStage {
  readonly at: Place;
  /** The image text after FROM with ARG defaults put in; a name of an earlier stage for chained stages. */
  readonly base: Located<string>;
  readonly baseKnown: boolean;
  /** Index of the earlier stage that it builds on. */
  readonly baseStage?: number;
  readonly name?: Located<string>;
  /** The value of `--platform`, ARG defaults put in; `$BUILDPLATFORM` and the like stay as written. */
  readonly platform?: Located<string>;
  readonly entrypoint?: DockerfileCommand;
  readonly cmd?: DockerfileCommand;
  readonly user?: Located<string>;
  readonly workingDir?: Located<string>;
  readonly volumes: readonly Located<string>[];
  readonly exposed: readonly Located<string>[];
  /** Paths that COPY and ADD visibly put content at, absolute. */
  readonly writes: readonly Located<string>[];
  /** Words of SHELL; `/bin/sh -c` when there is none. */
  readonly shell?: readonly Located<string>[];
  /** `NAME=value` pairs of ENV, in order, variables put in. */
  readonly env?: readonly Located<string>[];
  /** The arguments of RUN, as written, flags included, here-documents left out. */
  readonly runs?: readonly Located<string>[];
  /** True when the local stages under it end at `scratch`: nothing is inherited from an image. */
  readonly fromScratch?: boolean;
}

/** ENTRYPOINT or CMD. In shell form `words` holds one word, the whole text that `/bin/sh -c` gets. */
export interface DockerfileCommand extends Place {
  readonly form: 'exec' | 'shell';
  readonly words: readonly Located<string>[];
}

export interface DockerfileProblem {
  readonly kind: 'no-from' | 'syntax' | 'bad-exec-form';
  readonly at: Place;
  readonly message: string;
  /** For `bad-exec-form`: why the text in brackets is no JSON list. */
  readonly reason?: BrokenReason;
}
