import type { Arguments } from '../arguments.js';
import { hostOfAuthority, hostOfUrl, isRemotePath, isUrl, knownHost } from './hosts.js';
import type { Contact, PathGiven, Program, ProgramTable } from './program.js';

/** The repository of `git clone` and its like: an address, `host:path`, or a folder. */
function repository({ operands }: Arguments): Contact[] {
  const [word] = operands;
  if (word === undefined) return [];
  if (isUrl(word.text)) return [{ word, does: `fetches ${word.text}`, ...knownHost(hostOfUrl(word.text)) }];
  if (!word.known && word.text.startsWith('…')) return [{ word, does: 'fetches a repository' }];
  if (!isRemotePath(word.text)) return [];
  return [{ word, does: `fetches ${word.text}`, ...knownHost(hostOfAuthority(word.text.replace(/:.*/, ''))) }];
}

function clonePaths(args: Arguments): PathGiven[] {
  const [repo, folder] = args.operands;
  if (repo === undefined) return [];
  const local = repository(args).length === 0;
  const name = repo.text.replace(/(?:\.git)?\/*$/, '').replace(/^.*[/:]/, '');
  return [
    ...(local ? [{ role: 'read', word: repo } as const] : []),
    folder === undefined ? { role: 'write', word: repo, path: name } : { role: 'write', word: folder },
  ];
}

function remote(does: string): Program {
  return { contacts: (_args, program) => [{ word: program, does }] };
}

export const GIT: ProgramTable = {
  git: {
    values: '-C -c --git-dir --work-tree',
    sub: {
      clone: {
        values: '-b --branch --depth -o --origin -u -c --config --reference -j --jobs --filter --shallow-since',
        contacts: repository,
        paths: clonePaths,
      },
      fetch: remote('fetches from a remote'),
      pull: remote('pulls from a remote'),
      push: remote('pushes to a remote'),
      'ls-remote': { contacts: repository },
      submodule: { sub: { update: remote('fetches submodules') } },
      lfs: { sub: { pull: remote('fetches large files'), fetch: remote('fetches large files') } },
    },
  },
  svn: { sub: { checkout: { contacts: repository }, co: { contacts: repository }, update: remote('updates') } },
};
