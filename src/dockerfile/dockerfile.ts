import type { Located, Place, SourceText } from '../text/source.js';
import type { BrokenReason } from './exec-form.js';
import type { HereDocument } from './here-documents.js';

/** A Dockerfile as BuildKit reads it, reduced to what decides how the final image runs. */
export interface Dockerfile {
  readonly source: SourceText;
  readonly at: Place;
  /** `NAME=default` pairs of ARG before the first FROM. */
  readonly args: readonly Located<string>[];
  readonly stages: readonly DockerfileStage[];
  /** The last stage, the one that is built by default; absent when there is no FROM. */
  readonly final?: DockerfileStage;
  readonly problems: readonly DockerfileProblem[];
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
  /** What HEALTHCHECK runs; no words for `HEALTHCHECK NONE`. */
  readonly healthcheck?: DockerfileCommand;
  /** The keyword of each ENTRYPOINT, CMD and HEALTHCHECK that a later one of the same stage takes the place of. */
  readonly replaced: readonly Located<string>[];
  /** COPY and ADD, in order. */
  readonly copies: readonly DockerfileCopy[];
  /** Words of SHELL; `/bin/sh -c` when there is none. */
  readonly shell?: readonly Located<string>[];
  /** `NAME=value` pairs of ENV, in order, variables put in. */
  readonly env: readonly Located<string>[];
  /** `NAME=default` pairs of ARG, in order, variables put in; those without a default are left out. */
  readonly args: readonly Located<string>[];
  /** The text of each RUN without flags; of one that is a here-document, that. */
  readonly runs: readonly Located<string>[];
  /** True when the local stages under it end at `scratch`: nothing is inherited from an image. */
  readonly fromScratch?: boolean;
}

/** ENTRYPOINT or CMD. In shell form `words` holds one word, the whole text that the shell gets. */
export interface DockerfileCommand extends Place {
  readonly form: 'exec' | 'shell';
  readonly words: readonly Located<string>[];
  /** The SHELL in force for the shell form; `/bin/sh -c` when there is none. */
  readonly shell?: readonly Located<string>[];
}

/** One COPY or ADD. */
export interface DockerfileCopy extends Place {
  /** Value of `--from`: a stage, an image or another build context; else the files come from the build context. */
  readonly from?: string;
  /** As written, variables put in; here-documents are in `documents`. */
  readonly sources: readonly Located<string>[];
  /** Files that stand in the Dockerfile itself, by the name that COPY gives them. */
  readonly documents: readonly HereDocument[];
  /** Absolute where the working directory is known; ends with `/` when it is written so. */
  readonly destination: Located<string>;
}

export interface DockerfileProblem {
  readonly kind: 'no-from' | 'syntax' | 'bad-exec-form';
  readonly at: Place;
  readonly message: string;
  /** For `bad-exec-form`: why the text in brackets is no JSON list. */
  readonly reason?: BrokenReason;
}
