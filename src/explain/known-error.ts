import type { Stage } from '../check/stage.js';

/** An error text of Bacalhau, Docker or a program in a job, with what is behind it. */
export interface KnownError {
  /** Short name, for tests and for what else was seen. */
  readonly id: string;
  /**
   * What it says: any of these phrases. `…` stands for text in between; blanks and capitals do not matter, because
   * terminals and tables break lines anywhere.
   */
  readonly says: readonly string[];
  readonly stage: Stage;
  /** What happened, in a sentence. */
  readonly what: string;
  readonly why: string;
  readonly cure: string;
  /** Rules that say it before the job is submitted; empty where only the node or the day decides. */
  readonly rules: readonly string[];
  /** True of messages that come beside the one that says what is wrong. */
  readonly isSymptom?: true;
}
