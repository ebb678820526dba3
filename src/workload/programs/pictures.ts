import { valuesOf, type Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import type { PathGiven, Program, ProgramTable } from './program.js';

/** Options of ImageMagick without a value; the others have one (ImageMagick, "Command-line Options"). */
const FLAGS =
  '-auto-orient -auto-level -auto-gamma -strip -flip -flop -negate -normalize -trim -append -monochrome -enhance -equalize ' +
  '-coalesce -flatten -mosaic -transverse -transpose -clone -alpha-composite -composite -identify -quiet -verbose -ping ' +
  '-regard-warnings -respect-parentheses -despeckle -antialias -contrast -magnify -repage -deconstruct';

/** Operands that are files: no `(`, `)`, `+repage`, `xc:white`, `label:…`; `png:FILE` is `FILE`. */
function files({ operands }: Arguments): PathGiven[] {
  return operands.flatMap((word): PathGiven[] => {
    const { text } = word;
    if (/^[()+]/.test(text) || /^(?:xc|canvas|gradient|label|caption|pattern|plasma|null|mpr|rose|info):/i.test(text))
      return [];
    const path = /^[a-z0-9]+:(.+)$/i.exec(text)?.[1];
    return [path === undefined ? { role: 'read', word } : { role: 'read', word, path }];
  });
}

function converted(args: Arguments): PathGiven[] {
  const all = files(args);
  return all.map((given, index) => (index > 0 && index === all.length - 1 ? { ...given, role: 'write' } : given));
}

/** mogrify writes over what it reads, unless `-path` names a folder. */
function mogrified(args: Arguments): PathGiven[] {
  const read = files(args);
  const folders = valuesOf(args, '-path');
  if (folders.length > 0) return [...read, ...folders.map((word): PathGiven => ({ role: 'write', word }))];
  return [...read, ...read.map((given): PathGiven => ({ ...given, role: 'write' }))];
}

const CONVERT: Program = { longDash: true, flags: FLAGS, paths: converted, opensUrls: true };
const MOGRIFY: Program = { longDash: true, flags: FLAGS, paths: mogrified };
const IDENTIFY: Program = { longDash: true, flags: FLAGS, paths: files };

/** `magick mogrify …` is `mogrify …`; without the name of a tool it converts. */
function magickPaths(args: Arguments): PathGiven[] {
  const [first, ...operands]: readonly Word[] = args.operands;
  const inner = { ...args, operands };
  switch (first?.text) {
    case 'mogrify':
      return mogrified(inner);
    case 'identify':
      return files(inner);
    case 'convert':
    case 'montage':
    case 'composite':
    case 'compare':
      return converted(inner);
    default:
      return converted(args);
  }
}

export const PICTURES: ProgramTable = {
  'magick gm': { longDash: true, flags: FLAGS, paths: magickPaths, opensUrls: true },
  'convert montage composite compare import conjure': CONVERT,
  mogrify: MOGRIFY,
  identify: IDENTIFY,
  blender: {
    longDash: true,
    values: '-F -E -s -e -f -j -t -x --render-frame --engine --threads --python-expr -S',
    reads: '-P --python',
    writes: '-o --render-output',
    operands: 'first',
    opaque: (args) => {
      const word = valuesOf(args, '-P --python')[0];
      return word === undefined ? undefined : { what: 'script', word };
    },
  },
  povray: { longDash: true, operands: 'mention' },
  'cwebp dwebp': { longDash: true, values: '-q -z -m -resize -crop -preset', writes: '-o', operands: 'read' },
  'optipng jpegoptim': { values: '-o -m', operands: 'edit' },
  exiftool: { longDash: true, values: '-o -d', operands: 'read' },
  rembg: { sub: { i: { values: '-m --model', operands: 'pair' }, p: { values: '-m --model', operands: 'pair' } } },
  inkscape: { longDash: true, values: '-d -w -h', writes: '-o --export-filename', operands: 'read' },
};
