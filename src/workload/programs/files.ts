import { hasOption, valuesOf, type Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import type { PathGiven, Program, ProgramTable } from './program.js';

function roles(role: PathGiven['role'], words: readonly Word[]): PathGiven[] {
  return words.map((word) => ({ role, word }));
}

/** Programs whose first operand is a pattern or a program of their own language, unless options give it. */
function afterPattern(patternOptions: string, more: Omit<Program, 'paths'>, role: 'read' | 'edit' = 'read'): Program {
  return {
    ...more,
    paths: (args) => {
      const files = hasOption(args, patternOptions) ? args.operands : args.operands.slice(1);
      const edited = role === 'edit' && hasOption(args, '-i --in-place');
      return [...roles('read', files), ...(edited ? roles('write', files) : [])];
    },
  };
}

/** `cp`, `mv`, `install`: the last operand is written, or the folder of `-t`. */
function copies(values: string): Program {
  return {
    values: `${values} -t --target-directory`,
    paths: (args) => {
      const folders = valuesOf(args, '-t --target-directory');
      if (folders.length > 0) return [...roles('read', args.operands), ...roles('write', folders)];
      return copied(args.operands);
    },
  };
}

function copied(operands: readonly Word[]): PathGiven[] {
  if (operands.length < 2) return roles('read', operands);
  return [...roles('read', operands.slice(0, -1)), ...roles('write', operands.slice(-1))];
}

/** tar takes its letters with and without a dash; `c`, `r` and `u` write the archive, `x` and `t` read it. */
function tarPaths({ options, operands }: Arguments): PathGiven[] {
  const bare = options.some(({ name }) => /^-[cxtruA]$|^--(?:create|extract|get|list|append|update)$/.test(name));
  const letters = bare ? '' : (operands[0]?.text ?? '');
  const rest = bare ? operands : operands.slice(1);
  const mode = options.map(({ name }) => name).join(' ') + letters.replace(/./g, ' -$& ');
  const archive = valuesOf({ options, operands }, '-f --file')[0] ?? (letters.includes('f') ? rest[0] : undefined);
  const members = archive !== undefined && archive === rest[0] ? rest.slice(1) : rest;
  const folders = valuesOf({ options, operands }, '-C --directory');
  if (/-(?:x|-extract|-get)\b/.test(mode))
    return [...roles('read', archive === undefined ? [] : [archive]), ...roles('write', folders)];
  if (/-(?:t|-list)\b/.test(mode)) return roles('read', archive === undefined ? [] : [archive]);
  const absolute = folders.length === 0 ? members : members.filter(({ text }) => text.startsWith('/'));
  return [...roles('write', archive === undefined ? [] : [archive]), ...roles('read', [...absolute, ...folders])];
}

function ddPaths({ operands }: Arguments): PathGiven[] {
  return operands.flatMap((word): PathGiven[] => {
    const match = /^(if|of)=(.+)$/.exec(word.text);
    if (match?.[2] === undefined) return [];
    return [{ role: match[1] === 'if' ? 'read' : 'write', word, path: match[2] }];
  });
}

/** `gzip FILE` makes `FILE.gz` beside it, unless it writes to standard output. */
function compressor(ending: string): Program {
  return {
    values: '-S --suffix',
    paths: (args) => {
      const { operands } = args;
      if (hasOption(args, '-c --stdout -d --decompress -t -l')) return roles('read', operands);
      return [
        ...roles('read', operands),
        ...operands.map((word): PathGiven => ({ role: 'write', word, path: `${word.text}${ending}` })),
      ];
    },
  };
}

/** Paths of `find` come before its expression. */
function findPaths(args: Arguments): PathGiven[] {
  const first = args.operands.findIndex(({ text }) => text === '(' || text === '!');
  return roles('read', first === -1 ? args.operands : args.operands.slice(0, first));
}

export const FILES: ProgramTable = {
  'cat tac nl rev less more wc ls dir du df stat file md5sum sha1sum sha256sum sha512sum b2sum cksum strings xxd od hexdump base64 cmp diff comm paste join column fold fmt expand readlink realpath zcat gunzip bunzip2 unxz bzcat xzcat zless tree uniq md5 column cut':
    {
      values: '-d -f -c -w --delimiter --fields --output-delimiter -I --width --block-size -I -L -P',
      operands: 'read',
    },
  'head tail': { values: '-n -c --lines --bytes', operands: 'read' },
  sort: { values: '-k --key -t --field-separator -S -T --parallel', writes: '-o --output', operands: 'read' },
  shuf: { values: '-n --head-count -i', writes: '-o --output', operands: 'read' },
  split: { values: '-l -b -n -a --lines --bytes', operands: 'copy' },
  'grep egrep fgrep zgrep rg ag': afterPattern('-e --regexp -f --file', {
    values: '-e --regexp -m -A -B -C --include --exclude --exclude-dir --max-count --color -g -t',
    reads: '-f --file',
  }),
  sed: afterPattern('-e --expression -f --file', { values: '-e --expression', reads: '-f --file' }, 'edit'),
  'awk gawk mawk': afterPattern('-f --file', { values: '-F -v --field-separator --assign', reads: '-f --file' }),
  jq: afterPattern('-f --from-file', { values: '--indent', reads: '-f --from-file' }),
  yq: afterPattern('', { values: '-o -p --output-format --input-format' }),
  tee: { operands: 'write' },
  'touch mkdir truncate mkfifo': { values: '-m --mode -d -t -r -s --size', operands: 'write' },
  mktemp: { writes: '-p --tmpdir' },
  cp: copies('-S --suffix'),
  mv: copies('-S --suffix'),
  install: copies('-m --mode -o -g'),
  ln: { paths: ({ operands }) => (operands.length < 2 ? [] : roles('write', operands.slice(-1))) },
  'tar bsdtar gtar': {
    values: '-f --file -C --directory --exclude -X -T -I --transform --strip-components',
    paths: tarPaths,
  },
  zip: {
    values: '-x -i -P -n',
    paths: ({ operands: [archive, ...members] }) => [
      ...roles('write', archive === undefined ? [] : [archive]),
      ...roles('read', members),
    ],
  },
  unzip: { values: '-x -P', writes: '-d', paths: ({ operands }) => roles('read', operands.slice(0, 1)) },
  '7z 7za': { operands: 'mention' },
  dd: { paths: ddPaths },
  gzip: compressor('.gz'),
  bzip2: compressor('.bz2'),
  xz: compressor('.xz'),
  find: {
    longDash: true,
    values:
      '-name -iname -path -ipath -type -size -mtime -mmin -newer -maxdepth -mindepth -regex -perm -user -group -printf -exec -execdir',
    paths: findPaths,
  },
  'cd pushd rm rmdir chmod chown chgrp test [ [[': { operands: 'mention' },
  'convert magick mogrify gm': {
    longDash: true,
    values:
      '-resize -quality -crop -rotate -blur -density -depth -colorspace -background -gravity -extent -fuzz -size -geometry -format -colors -delay -loop',
    writes: '-path',
    operands: 'copy',
  },
};

/** Programs whose words name nothing: what they print is no use of a path or a host. */
export const SILENT: ReadonlySet<string> = new Set(
  (
    'echo printf true false : exit return export set unset local declare typeset readonly shift trap wait read sleep seq ' +
    'date uname hostname whoami id which type man help env pwd alias ulimit umask kill basename dirname expr bc tr yes ' +
    'clear history jobs let break continue getopts nproc free lscpu nvidia-smi hash'
  ).split(' '),
);
