import { hasOption, valuesOf, type Arguments } from '../arguments.js';
import { hostOfUrl, isUrl, knownHost } from './hosts.js';
import type { PathGiven, ProgramTable } from './program.js';

/** Every other option of ffmpeg has a value (ffmpeg manual, "Options"). */
const FLAGS =
  '-y -n -an -vn -sn -dn -hide_banner -nostdin -stdin -stats -nostats -shortest -re -copyts -report -benchmark -psnr ' +
  '-ignore_unknown -autorotate -noautorotate -accurate_seek -version -h -formats -codecs -encoders -filters -nofix_sub_duration';

/** What `-i` names, unless it is the text of a filter (`-f lavfi -i testsrc=…`). */
function ffmpegPaths({ options, operands }: Arguments): PathGiven[] {
  const reads: PathGiven[] = [];
  let format = '';
  for (const { name, value } of options) {
    if (name === '-f') format = value?.text ?? '';
    if (name !== '-i' || value === undefined) continue;
    if (format !== 'lavfi' && !isUrl(value.text)) reads.push({ role: 'read', word: value });
    format = '';
  }
  return [...reads, ...operands.map((word): PathGiven => ({ role: 'write', word }))];
}

export const MEDIA: ProgramTable = {
  ffmpeg: {
    longDash: true,
    flags: FLAGS,
    paths: ffmpegPaths,
    contacts: (args) =>
      [...valuesOf(args, '-i'), ...args.operands]
        .filter(({ text }) => isUrl(text))
        .map((word) => ({ word, does: `opens ${word.text}`, ...knownHost(hostOfUrl(word.text)) })),
  },
  'ffprobe ffplay': {
    longDash: true,
    flags: `${FLAGS} -show_format -show_streams -show_frames -show_packets -show_chapters -count_frames -bitexact -pretty`,
    reads: '-i',
    operands: 'read',
    opensUrls: true,
  },
  sox: {
    values: '-r -b -c -e -t -v --rate --bits --channels',
    // After the output come effects.
    paths: (args) => {
      const files = args.operands.filter(({ text }) => /[./]/.test(text) && !/^[\d.]+$/.test(text));
      const last = hasOption(args, '-n') ? files.length : files.length - 1;
      return files.map((word, index) => ({ role: index === last && index > 0 ? 'write' : 'read', word }));
    },
  },
  mediainfo: { operands: 'read' },
  HandBrakeCLI: { values: '-e -q -f --preset', reads: '-i --input', writes: '-o --output' },
};
