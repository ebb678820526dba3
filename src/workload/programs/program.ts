import type { Arguments } from '../arguments.js';
import type { Word } from '../workload.js';

/** What a program does with a path that it is given. */
export type PathRole = 'read' | 'write' | 'mention';

/** What the operands of a program are. `copy`: all but the last are read, the last is written. */
export type OperandRole = PathRole | 'copy' | 'none';

/** A path with its role. */
export interface PathGiven {
  readonly role: PathRole;
  readonly word: Word;
  /** The path, when it is not the word itself. */
  readonly path?: string;
}

/** A contact with another host. */
export interface Contact {
  /** The word to point at. */
  readonly word: Word;
  /** What is done, after the name of the program: `downloads https://…`. */
  readonly does: string;
  readonly host?: string;
}

/** What is known of a program. Names of options are separated by blanks. */
export interface Program {
  /** Options whose value is the next word, by what that value is. */
  readonly values?: string;
  readonly reads?: string;
  readonly writes?: string;
  /** One dash starts a long name. */
  readonly longDash?: true;
  readonly operands?: OperandRole;
  /** Paths that the two above do not say. */
  readonly paths?: (args: Arguments) => readonly PathGiven[];
  readonly contacts?: (args: Arguments, program: Word) => readonly Contact[];
  /** False when the program takes no notice of `http_proxy`. */
  readonly usesProxy?: false;
  /** By the first operand, which is then no operand any more. `*` stands for any other. */
  readonly sub?: Readonly<Record<string, Program>>;
  /** For people: what of it cannot be seen through. */
  readonly opaque?: (args: Arguments) => { readonly what: string; readonly word: Word } | undefined;
}

/** Programs by name; several names are separated by blanks. */
export type ProgramTable = Readonly<Record<string, Program>>;
