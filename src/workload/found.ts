import { asWritten } from './gaps.js';
import { pathsInText, pathUse } from './path-words.js';
import { knownHost } from './programs/hosts.js';
import type { Contact, PathGiven } from './programs/program.js';
import { programNamed } from './programs/table.js';
import type { NetworkUse, PathUse, VariableUse, Word } from './workload.js';

/** What was found so far in the steps of a workload. */
export interface Found {
  readonly reads: PathUse[];
  readonly writes: PathUse[];
  readonly mentions: PathUse[];
  readonly network: NetworkUse[];
  readonly variables: VariableUse[];
  readonly opaque: { what: string; word?: Word }[];
}

/** Nothing found yet. */
export function nothingFound(): Found {
  return { reads: [], writes: [], mentions: [], network: [], variables: [], opaque: [] };
}

/** Adds a contact with another host. What stands on a value that is not known stays a use; who is contacted is then not seen. */
export function addNetwork(contact: Contact, name: string, found: Found): void {
  const { does, word, host, usual, guess } = contact;
  const origin = word.known || word.origin === 'guess' ? word.origin : 'shell';
  found.network.push({
    word,
    origin: guess === true ? 'guess' : origin,
    what: asWritten(`${name} ${does}`),
    program: name,
    usesProxy: programNamed(name)?.usesProxy ?? true,
    ...knownHost(host),
    ...(usual === undefined || host !== undefined ? {} : { usualHosts: usual }),
  });
}

/** Adds paths by their roles; one whose place is not known leaves a reader that cannot be seen through. */
export function addPaths(paths: readonly PathGiven[], by: string, cwd: string | undefined, found: Found): void {
  for (const given of paths) {
    const use = pathUse(given, by, cwd, given.role === 'mention' || given.guess === true);
    if (use === undefined) {
      if (given.role === 'read' && given.guess !== true) addUnknownPath(given.word, found);
    } else if (given.role === 'read') found.reads.push(use);
    else if (given.role === 'write') found.writes.push(use);
    else found.mentions.push(use);
  }
}

/** What a program reads by a name that only the run can tell may be anything. */
export function addUnknownPath(word: Word, found: Found): void {
  if (!word.known) found.opaque.push({ what: 'path that is not known', word });
}

/** Adds the paths in a text of a language that is not read, but those that are known from it already. */
export function addTextMentions(word: Word, by: string, found: Found, but: readonly string[] = []): void {
  for (const path of pathsInText(word.text)) {
    if (!but.includes(path)) addPaths([{ role: 'mention', word, path }], by, undefined, found);
  }
}
