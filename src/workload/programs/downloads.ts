import { hasOption, valuesOf, type Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import { hostOfAuthority, hostOfUrl, isRemotePath, isUrl, knownHost, urlsIn } from './hosts.js';
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
  const verb = hasOption(args, '-T --upload-file -d --data --data-binary -F --form') ? 'sends data to' : 'downloads';
  return addresses([...args.operands, ...valuesOf(args, '--url')]).map((word) => contactUrl(word, verb));
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
  contacts: (args) => addresses(args.operands).map((word) => contactUrl(word)),
  paths: (args) =>
    hasOption(args, '-O --output-document -P --directory-prefix --spider') ? [] : args.operands.flatMap(fileOfUrl),
};

/** A program that fetches the addresses it is given. */
function fetcher(program: Omit<Program, 'contacts'>, verb = 'downloads'): Program {
  return { ...program, contacts: (args) => urlsIn(args.operands).map((word) => contactUrl(word, verb)) };
}

/** The repository of `git clone` and its like: an address, `host:path`, or a folder. */
function repository({ operands }: Arguments): Contact[] {
  const [word] = operands;
  if (word === undefined) return [];
  if (isUrl(word.text)) return [{ word, does: `fetches ${word.text}`, ...knownHost(hostOfUrl(word.text)) }];
  if (!isRemotePath(word.text)) return [];
  return [{ word, does: `fetches ${word.text}`, ...knownHost(hostOfAuthority(word.text.replace(/:.*/, ''))) }];
}

function gitRemote(does: string): Program {
  return { contacts: (_args, program) => [{ word: program, does }] };
}

const git: Program = {
  values: '-C -c --git-dir --work-tree',
  sub: {
    clone: {
      values: '-b --branch --depth -o --origin -u -c --config --reference -j --jobs --filter --shallow-since',
      contacts: repository,
      paths: ({ operands: [repo, folder] }) =>
        folder !== undefined
          ? [{ role: 'write', word: folder }]
          : repo === undefined
            ? []
            : [{ role: 'write', word: repo, path: repo.text.replace(/(?:\.git)?\/*$/, '').replace(/^.*[/:]/, '') }],
    },
    fetch: gitRemote('fetches from a remote'),
    pull: gitRemote('pulls from a remote'),
    push: gitRemote('pushes to a remote'),
    'ls-remote': { contacts: repository },
    submodule: { sub: { update: gitRemote('fetches submodules') } },
    lfs: { sub: { pull: gitRemote('fetches large files'), fetch: gitRemote('fetches large files') } },
  },
};

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
  git,
  aria2c: fetcher({
    values: '-x -s -j -k --header --max-connection-per-server --split',
    reads: '-i --input-file',
    writes: '-d --dir -o --out',
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
  ipfs: {
    usesProxy: false,
    sub: {
      get: {
        writes: '-o --output',
        contacts: ({ operands }) => operands.slice(0, 1).map((word) => ({ word, does: `fetches ${word.text}` })),
      },
      cat: { contacts: ({ operands }) => operands.slice(0, 1).map((word) => ({ word, does: `fetches ${word.text}` })) },
    },
  },
  ffmpeg: {
    longDash: true,
    values:
      '-f -c -c:v -c:a -codec -codec:v -codec:a -vcodec -acodec -b -b:v -b:a -vf -af -filter -filter_complex -filter:v ' +
      '-filter:a -r -s -ss -t -to -map -crf -preset -pix_fmt -ar -ac -q -q:v -q:a -qscale:v -vframes -frames:v ' +
      '-loglevel -v -threads -itsoffset -aspect -metadata -movflags -g -tune -profile:v -level -loop -framerate ' +
      '-start_number -safe -hwaccel -ab -vsync -max_muxing_queue_size -tag:v -maxrate -bufsize -lavfi',
    reads: '-i',
    paths: ({ operands }) => operands.map((word) => ({ role: 'write', word })),
    contacts: (args) => urlsIn([...valuesOf(args, '-i'), ...args.operands]).map((word) => contactUrl(word, 'opens')),
  },
  'ffprobe ffplay': {
    longDash: true,
    values: '-v -loglevel -show_entries -of -print_format -select_streams -f',
    reads: '-i',
    operands: 'read',
    contacts: (args) => urlsIn([...valuesOf(args, '-i'), ...args.operands]).map((word) => contactUrl(word, 'opens')),
  },
};
