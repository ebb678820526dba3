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

/** `jq FILTER FILE…`; `--arg`, `--slurpfile` and their like take two words, which are left in front of the operands. */
function jqPaths(args: Arguments): PathGiven[] {
  const pairs = args.options.filter(({ name }) => /^--(?:arg|argjson|slurpfile|rawfile)$/.test(name));
  const taken = args.operands.slice(0, 2 * pairs.length);
  const rest = args.operands.slice(taken.length);
  const given = pairs.flatMap(({ name }, index) => {
    const file = taken[2 * index + 1];
    return file !== undefined && name.endsWith('file') ? [file] : [];
  });
  return roles('read', [...given, ...(hasOption(args, '-f --from-file') ? rest : rest.slice(1))]);
}

/** Paths of `find` come before its expression. */
function findPaths(_args: Arguments, _program: Word, words: readonly Word[]): PathGiven[] {
  const given = words.filter(({ text }) => !/^-[HLP]$/.test(text));
  const first = given.findIndex(({ text }) => /^[-(!]/.test(text));
  return roles('read', first === -1 ? given : given.slice(0, first));
}

export const FILES: ProgramTable = {
  'cat rev less more zless wc file zcat bzcat xzcat zstdcat md5 readlink realpath': { operands: 'read' },
  tac: { values: '-s', operands: 'read' },
  'ls dir': { values: '-I --ignore -w -T', operands: 'read' },
  du: { values: '-d --max-depth --exclude -B', reads: '-X', operands: 'read' },
  df: { values: '-t -x -B', operands: 'read' },
  stat: { values: '-c --format --printf', operands: 'read' },
  strings: { values: '-n -t -e', operands: 'read' },
  xxd: { values: '-s -l -c -g', operands: 'pair' },
  od: { values: '-A -t -j -N', operands: 'read' },
  hexdump: { values: '-n -s -e', operands: 'read' },
  cmp: { values: '-n -i', operands: 'read' },
  diff: { values: '-I -x -U -C -L --label --exclude', operands: 'read' },
  comm: { values: '--output-delimiter', operands: 'read' },
  paste: { values: '-d --delimiters', operands: 'read' },
  join: { values: '-1 -2 -t -o -e -a -v -j', operands: 'read' },
  'fold fmt': { values: '-w --width', operands: 'read' },
  nl: { values: '-w -s -b -n -v -i', operands: 'read' },
  expand: { values: '-t', operands: 'read' },
  tree: { values: '-L -P -I', writes: '-o', operands: 'read' },
  column: { values: '-s -N -c -o -R', operands: 'read' },
  // Their letters mean other things than those of the others.
  'md5sum sha1sum sha256sum sha512sum b2sum cksum base64 base32': { operands: 'read' },
  cut: { values: '-d -f -b -c --delimiter --fields --output-delimiter', operands: 'read' },
  uniq: { values: '-f -s -w', operands: 'pair' },
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
  jq: { values: '--indent', reads: '-f --from-file', paths: jqPaths },
  yq: afterPattern('', { values: '-o -p --output-format --input-format' }),
  tee: { operands: 'write' },
  touch: { values: '-d -t -r --date --reference', operands: 'write' },
  'mkdir mkfifo': { values: '-m --mode', operands: 'write' },
  truncate: { values: '-s --size -r', operands: 'write' },
  mktemp: { writes: '-p --tmpdir' },
  cp: copies('-S --suffix'),
  mv: copies('-S --suffix'),
  install: copies('-m --mode -o -g'),
  ln: { paths: ({ operands }) => (operands.length < 2 ? [] : roles('write', operands.slice(-1))) },
  dd: { keys: { reads: 'if', writes: 'of' } },
  find: { paths: findPaths },
  'cd pushd rm rmdir chmod chown chgrp': { operands: 'mention' },
  // Operators stand among the operands.
  'test [ [[': {
    paths: ({ operands }) =>
      roles(
        'mention',
        operands.filter(({ text }) => text.includes('/')),
      ),
  },
  iconv: { values: '-f -t --from-code --to-code', writes: '-o --output', operands: 'read' },
  openssl: {
    sub: { '*': { longDash: true, values: '-k -K -iv -pass -passin -passout -inkey', reads: '-in', writes: '-out' } },
  },
  'gpg gpg2': { values: '-r --recipient -u --passphrase --cipher-algo', writes: '-o --output', operands: 'read' },
  patch: { values: '-p -d --strip', reads: '-i --input', operands: 'edit' },
  envsubst: {},
};
