import type { Stage } from '../check/stage.js';

/** An error text of Bacalhau, Docker or a program in a job, with what is behind it. */
export interface KnownError {
  /** Short name, for tests and for what else was seen. */
  readonly id: string;
  /**
   * What it says: any of these phrases. `…` stands for text in between, `#` for a number other than 0; blanks, capitals
   * and the kind of quotes do not matter, because terminals, tables and chats change them anywhere.
   */
  readonly says?: readonly string[];
  /**
   * What it says in words that other programs use too: these count only where something else in the text is of
   * Bacalhau, such as the id of a job.
   */
  readonly saysInJob?: readonly string[];
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
