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
  'cat tac nl rev less more wc ls dir du df stat file strings xxd od hexdump cmp diff comm paste join column fold fmt expand readlink realpath zcat bzcat xzcat zstdcat zless tree md5 column':
    {
      values: '-d --delimiter --output-delimiter -I --width --block-size -L -P -N -w',
      operands: 'read',
    },
  // Their letters mean other things than those of the others.
  'md5sum sha1sum sha256sum sha512sum b2sum cksum base64 base32': { operands: 'read' },
  'cut uniq': { values: '-d -f -b --delimiter --fields --output-delimiter -w -s', operands: 'read' },
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
  'touch mkdir truncate mkfifo': { values: '-m --mode -d -t -r -s --size', operands: 'write' },
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
