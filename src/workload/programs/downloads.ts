import { hasOption, valuesOf, type Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import { hostOfAuthority, hostOfUrl, isUrl, knownHost, urlsIn } from './hosts.js';
import type { Contact, PathGiven, Program, ProgramTable } from './program.js';

/** curl and wget take `example.org/a` for an address too. */
function addresses(words: readonly Word[]): Word[] {
  return words.filter(({ text }) => isUrl(text) || !/^[a-z][a-z0-9+.-]*:\/\//i.test(text));
}

export function contactUrl(word: Word, verb = 'downloads'): Contact {
  const host = isUrl(word.text) ? hostOfUrl(word.text) : hostOfAuthority(word.text);
  return { word, does: `${verb} ${word.text}`, ...knownHost(host) };
}

/** The file that a download without a name makes in the working directory. */
function fileOfUrl(word: Word): PathGiven[] {
  const path = word.text.replace(/[?#].*$/, '');
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name === '' || !/:\/\/.+\//.test(path) ? [] : [{ role: 'write', word, path: name }];
}

function curlContacts(args: Arguments): Contact[] {
  const [config] = valuesOf(args, '-K --config');
  const verb = hasOption(args, '-T --upload-file -d --data --data-binary -F --form') ? 'sends data to' : 'downloads';
  const urls = addresses([...args.operands, ...valuesOf(args, '--url')]);
  if (urls.length === 0 && config !== undefined) return [{ word: config, does: `downloads what ${config.text} names` }];
  return urls.map((word) => contactUrl(word, verb));
}

/** `wget -i FILE` takes its addresses from a file. */
function wgetContacts(args: Arguments): Contact[] {
  const lists = valuesOf(args, '-i --input-file').filter(({ text }) => !/\.html?$/.test(text));
  return [
    ...addresses(args.operands).map((word) => contactUrl(word)),
    ...lists.map((word): Contact => ({ word, does: `downloads what ${word.text} names` })),
  ];
}

/** aria2c puts the file of `-o` into the folder of `-d`. */
function ariaPaths(args: Arguments): PathGiven[] {
  const folder = valuesOf(args, '-d --dir').at(-1);
  const files = valuesOf(args, '-o --out');
  if (folder === undefined) return files.map((word) => ({ role: 'write', word }));
  if (files.length === 0) return [{ role: 'write', word: folder }];
  return files.map((word) => ({ role: 'write', word, path: `${folder.text}/${word.text}` }));
}

function curlPaths(args: Arguments): PathGiven[] {
  const data = valuesOf(args, '-d --data --data-binary -F --form').flatMap((word): PathGiven[] => {
    const file = /(?:^|=)@(.+)/.exec(word.text)?.[1];
    return file === undefined ? [] : [{ role: 'read', word, path: file }];
  });
  const local = args.operands.filter(({ text }) => text.startsWith('file://'));
  const named = hasOption(args, '-O --remote-name --remote-name-all') ? args.operands.flatMap(fileOfUrl) : [];
  const folder = valuesOf(args, '--output-dir');
  const files = folder.length > 0 ? folder.map((word): PathGiven => ({ role: 'write', word })) : named;
  const reads = local.map((word): PathGiven => ({ role: 'read', word, path: word.text.slice('file://'.length) }));
  return [...data, ...reads, ...files];
}

const wget: Program = {
  values:
    '-U --user-agent --header -t --tries -T --timeout --user --password -e -Q -l --level -A -R -D -I -X -w --post-data ' +
    '--limit-rate --method --body-data --load-cookies --ca-certificate',
  reads: '-i --input-file --post-file --body-file',
  writes: '-O --output-document -P --directory-prefix -o --output-file -a --append-output',
  contacts: wgetContacts,
  paths: (args) =>
    hasOption(args, '-O --output-document -P --directory-prefix --spider -r --recursive -m --mirror')
      ? []
      : args.operands.flatMap(fileOfUrl),
};

/** A program that fetches the addresses it is given. */
function fetcher(program: Omit<Program, 'contacts'>, verb = 'downloads'): Program {
  return { ...program, contacts: (args) => urlsIn(args.operands).map((word) => contactUrl(word, verb)) };
}

export const DOWNLOADS: ProgramTable = {
  curl: {
    values:
      '-H --header -X --request -A --user-agent -u --user -e --referer -m --max-time --connect-timeout --retry ' +
      '--retry-delay --retry-max-time -w --write-out -x --proxy -r --range -d --data --data-binary --data-urlencode ' +
      '--data-raw --json -F --form -b --cookie -E --cert --cacert --capath --key --limit-rate --resolve --url -C ' +
      '--output-dir -y -Y -z -P --max-redirs --interface --ciphers',
    reads: '-T --upload-file -K --config',
    writes: '-o --output -D --dump-header -c --cookie-jar --stderr --trace',
    contacts: curlContacts,
    paths: curlPaths,
  },
  wget,
  wget2: wget,
  aria2c: fetcher({
    values: '-x -s -j -k --header --max-connection-per-server --split -d --dir -o --out',
    reads: '-i --input-file',
    paths: ariaPaths,
  }),
  axel: fetcher({ values: '-n -s -H', writes: '-o --output' }),
  lynx: fetcher({}, 'opens'),
  gdown: {
    writes: '-O --output',
    contacts: ({ operands }) => operands.slice(0, 1).map((word) => ({ word, does: `downloads ${word.text}` })),
  },
  'yt-dlp youtube-dl': fetcher({ values: '-f --format', writes: '-o --output -P --paths' }),
  'http https httpie xh': {
    writes: '-o --output',
    contacts: ({ operands }) =>
      addresses(operands.filter(({ text }) => !/^[A-Z]+$/.test(text)).slice(0, 1)).map((word) =>
        contactUrl(word, 'asks'),
      ),
  },
};
