import { hasOption, valuesOf, type Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import type { PathGiven, Program, ProgramTable } from './program.js';

function roles(role: PathGiven['role'], words: readonly Word[]): PathGiven[] {
  return words.map((word) => ({ role, word }));
}

/** tar takes its letters with and without a dash; `c`, `r` and `u` write the archive, `x` and `t` read it. */
function tarPaths(args: Arguments, program: Word): PathGiven[] {
  const { options, operands } = args;
  const dashed = options.some(({ name }) => /^-[cxtruA]$|^--(?:create|extract|get|list|append|update)$/.test(name));
  const letters = dashed ? '' : (operands[0]?.text ?? '');
  const rest = dashed ? operands : operands.slice(1);
  const mode = options.map(({ name }) => name).join(' ') + letters.replace(/./g, ' -$& ');
  const archive = valuesOf(args, '-f --file')[0] ?? (letters.includes('f') ? rest[0] : undefined);
  const members = archive !== undefined && archive === rest[0] ? rest.slice(1) : rest;
  const folders = valuesOf(args, '-C --directory');
  const file = archive === undefined ? [] : [archive];
  if (/-(?:t|-list)\b/.test(mode)) return roles('read', file);
  if (/-(?:x|-extract|-get)\b/.test(mode)) {
    const toOutput = /-(?:O|-to-stdout)\b/.test(mode);
    return [...roles('read', file), ...(toOutput ? [] : below(folders, program))];
  }
  const [folder] = folders;
  const packed = members.map((word): PathGiven => {
    const inside = folder !== undefined && !word.text.startsWith('/');
    return inside ? { role: 'read', word, path: `${folder.text}/${word.text}` } : { role: 'read', word };
  });
  return [...roles('write', file), ...packed];
}

/** Folders that are written to; without any it is the working directory. */
function below(folders: readonly Word[], program: Word): PathGiven[] {
  return folders.length > 0 ? roles('write', folders) : [{ role: 'write', word: program, path: '.' }];
}

function unzipPaths(args: Arguments, program: Word): PathGiven[] {
  const archive = roles('read', args.operands.slice(0, 1));
  return hasOption(args, '-l -p -t -v -Z') ? archive : [...archive, ...below(valuesOf(args, '-d'), program)];
}

/** `7z x ARCHIVE -oFOLDER`, `7z a ARCHIVE FILE…`. */
function sevenPaths(args: Arguments, program: Word): PathGiven[] {
  const [command, archive, ...members] = args.operands;
  if (command === undefined || archive === undefined) return [];
  if (/^[ux]?a$|^u$/.test(command.text)) return [...roles('write', [archive]), ...roles('read', members)];
  if (command.text !== 'x' && command.text !== 'e') return roles('read', [archive]);
  return [...roles('read', [archive]), ...below(valuesOf(args, '-o'), program)];
}

/** `gzip FILE` makes `FILE.gz` beside it, `gunzip FILE.gz` makes `FILE`, unless they write to standard output. */
function compressor(ending: string, unpacks: boolean): Program {
  return {
    values: '-S --suffix -T',
    writes: '-o',
    paths: (args) => {
      const { operands } = args;
      const read = roles('read', operands);
      if (hasOption(args, '-c --stdout -t -l -o')) return read;
      const back = unpacks || hasOption(args, '-d --decompress --uncompress');
      const made = operands.flatMap((word): PathGiven[] => {
        if (!back) return [{ role: 'write', word, path: `${word.text}${ending}` }];
        return word.text.endsWith(ending) ? [{ role: 'write', word, path: word.text.slice(0, -ending.length) }] : [];
      });
      return [...read, ...made];
    },
  };
}

export const ARCHIVES: ProgramTable = {
  'tar bsdtar gtar': {
    values: '-f --file -C --directory --exclude -X -T -I --transform --strip-components --owner --group --mode',
    paths: tarPaths,
  },
  zip: { values: '-x -i -P -n -b', operands: 'into' },
  unzip: { values: '-x -P -d', paths: unzipPaths },
  '7z 7za 7zz': { values: '-o -p', paths: sevenPaths },
  unrar: { sub: { '*': { operands: 'copy' } } },
  gzip: compressor('.gz', false),
  pigz: compressor('.gz', false),
  gunzip: compressor('.gz', true),
  bzip2: compressor('.bz2', false),
  bunzip2: compressor('.bz2', true),
  xz: compressor('.xz', false),
  unxz: compressor('.xz', true),
  zstd: compressor('.zst', false),
  unzstd: compressor('.zst', true),
  lz4: compressor('.lz4', false),
};
