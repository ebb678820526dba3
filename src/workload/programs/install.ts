import { hasOption, valuesOf, type Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import { hostFrom, isOffline } from './environment.js';
import { hostOfUrl, isUrl, knownHost } from './hosts.js';
import type { Contact, Environment, PathGiven, Program } from './program.js';

/** How something is installed. */
interface Installing extends Omit<Program, 'contacts' | 'paths'> {
  /** Options that make it do without a network. */
  readonly offline?: string;
  /** Nothing is fetched unless something is named. */
  readonly named?: true;
  /** Hosts that are asked unless the configuration says otherwise. */
  readonly usual?: readonly string[];
  /** The name by which the environment speaks of the program. */
  readonly family?: string;
  /** Only the first operand is installed; the others are for the program that is run then. */
  readonly runs?: true;
  /** True when what is needed may be there already. */
  readonly guess?: true;
}

/** Installing from a network, unless one of the options `offline` is given, or all that is named lies in files. */
export function installs(does: string, more: Installing = {}): Program {
  const { offline, named, usual, family, guess, runs, ...program } = more;
  const installed = (operands: readonly Word[]): readonly Word[] => (runs === true ? operands.slice(0, 1) : operands);
  return {
    ...program,
    paths: ({ operands }) => localPaths(installed(operands)),
    contacts: (args, word, environment) => {
      if (offline !== undefined && hasOption(args, offline)) return [];
      if (family !== undefined && isOffline(environment, family)) return [];
      const operands = installed(args.operands);
      if (operands.length === 0 && named === true) return [];
      if (operands.length > 0 && operands.every(isLocal)) return [];
      const at = operands.find((operand) => !isLocal(operand)) ?? word;
      const hosts = hostsOf(args, at, environment, family, usual);
      return [{ word: at, does, ...hosts, ...(guess === undefined ? {} : { guess }) }];
    },
  };
}

/** The host that the command or the environment names, else the usual ones. */
export function hostsOf(
  args: Arguments,
  word: Word,
  environment: Environment,
  family: string | undefined,
  usual: readonly string[] | undefined,
): Pick<Contact, 'host' | 'usual'> {
  const index = valuesOf(args, '-i --index-url --registry --default-index').at(-1);
  if (index !== undefined) return knownHost(hostOfUrl(index.text));
  if (isUrl(word.text)) return knownHost(hostOfUrl(word.text));
  const set = family === undefined ? undefined : hostFrom(environment, family);
  if (set !== undefined) return set === '…' ? {} : { host: set };
  return usual === undefined ? {} : { usual };
}

/** Packages that are files or folders are read. */
export function localPaths(operands: readonly Word[]): PathGiven[] {
  return operands.filter(isLocal).map((word) => ({ role: 'read', word, path: word.text.replace(/\[[\w,-]*\]$/, '') }));
}

/** A package named by its file or folder: `.`, `./x`, `/x`, `x.whl`; `.[dev]` too. */
export function isLocal({ text }: Word): boolean {
  return (
    /^(?:\.{0,2}\/|\.{1,2}(?:\[|$)|file:)/.test(text) ||
    (!isUrl(text) && /\.(?:whl|deb|rpm|apk|gem|tgz|tar\.gz|tar\.bz2|conda|zip)$/.test(text))
  );
}
