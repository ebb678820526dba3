import type { Arguments } from '../arguments.js';
import type { Value } from '../shell/scope.js';
import type { Word } from '../workload.js';
import type { Language } from '../code/tokens.js';

/** What a program does with a path that it is given. */
export type PathRole = 'read' | 'write' | 'mention';

/**
 * What the operands of a program are.
 *
 * - `edit`: all are read and written
 * - `copy`: all but the last are read, the last is written
 * - `pair`: the first is read, the second is written
 * - `into`: the first is written, the others are read
 * - `first`: the first is read, the others are no paths
 */
export type OperandRole = PathRole | 'edit' | 'copy' | 'pair' | 'into' | 'first' | 'none';

/** A path with its role. */
export interface PathGiven {
  readonly role: PathRole;
  readonly word: Word;
  /** The path, when it is not the word itself. */
  readonly path?: string;
  /** True when the role is only likely. */
  readonly guess?: true;
}

/** A contact with another host. */
export interface Contact {
  /** The word to point at. */
  readonly word: Word;
  /** What is done, after the name of the program: `downloads https://…`. */
  readonly does: string;
  /** The host that the command names. */
  readonly host?: string;
  /** Hosts that the program asks unless its configuration says otherwise. */
  readonly usual?: readonly string[];
  /** True when it is only likely: what is needed may be there already. */
  readonly guess?: true;
}

/** Variables that a program sees, as far as programs are known to heed them. */
export type Environment = ReadonlyMap<string, Value>;

/** What is known of a program. Names of options are separated by blanks. */
export interface Program {
  /** Options whose value is the next word, by what that value is. */
  readonly values?: string;
  readonly reads?: string;
  readonly writes?: string;
  /** One dash starts a long name. */
  readonly longDash?: true;
  /** With it every option takes a value, but these. */
  readonly flags?: string;
  readonly operands?: OperandRole;
  /** Addresses among the operands and what is read are opened. */
  readonly opensUrls?: true;
  /** Operands of the form `key=value`, by what the value is. */
  readonly keys?: { readonly reads?: string; readonly writes?: string };
  /** Paths that the above do not say. */
  readonly paths?: (args: Arguments, program: Word, words: readonly Word[]) => readonly PathGiven[];
  readonly contacts?: (args: Arguments, program: Word, environment: Environment) => readonly Contact[];
  /** False when the program takes no notice of `http_proxy`. */
  readonly usesProxy?: false;
  /** By the first operand, which is then no operand any more. `*` stands for any other, the empty name for none. */
  readonly sub?: Readonly<Record<string, Program>>;
  /** Options whose value is a text in a language of its own. */
  readonly code?: { readonly language: Language | 'sql'; readonly options: string; readonly operand?: true };
  /** For people: what of it cannot be seen through. */
  readonly opaque?: (args: Arguments) => { readonly what: string; readonly word: Word } | undefined;
}

/** Programs by name; several names are separated by blanks. */
export type ProgramTable = Readonly<Record<string, Program>>;

/** A program that needs a network for all that it is asked to do. */
export function always(does: string, more: Omit<Program, 'contacts'> & Pick<Contact, 'usual'> = {}): Program {
  const { usual, ...program } = more;
  return { ...program, contacts: (_args, word) => [{ word, does, ...(usual === undefined ? {} : { usual }) }] };
}

/** Sub-commands that are alike, by their names. */
export function subs(names: string, program: Program): Record<string, Program> {
  return Object.fromEntries(names.split(' ').map((name) => [name, program]));
}
