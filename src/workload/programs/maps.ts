import type { Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import { hostOfUrl, knownHost } from './hosts.js';
import type { Contact, PathGiven, Program, ProgramTable } from './program.js';

/** Names by which GDAL opens something on a network (GDAL manual, "Virtual File Systems"). */
const REMOTE = /^\/vsi(?:curl|s3|gs|az|adls|oss|swift|hdfs|webhdfs)(?:_streaming)?\//;
const VALUES =
  '-of -f -co -oo -doo -lco -dsco -t_srs -s_srs -a_srs -r -ot -b -nln -nlt -sql -where -dialect -te_srs -dstnodata -srcnodata ' +
  '-a_nodata -wm -expand -mask -colorinterp -et -order -resolution -tile -z -s -select -limit -simplify -clipsrc';

function files({ operands }: Arguments): Word[] {
  return operands.filter(({ text }) => !/^-?[\d.]+%?$/.test(text));
}

function isRemote({ text }: Word): boolean {
  return REMOTE.test(text) || /^https?:\/\//i.test(text);
}

function contacts(args: Arguments): Contact[] {
  return files(args)
    .filter(isRemote)
    .map((word) => {
      const address = word.text.replace(/^\/vsicurl(?:_streaming)?\//, '');
      return { word, does: `opens ${word.text}`, ...knownHost(hostOfUrl(address)) };
    });
}

type Order = 'read' | 'copy' | 'pair' | 'into';

/** Files of a program of GDAL; what is on a network, or inside of an archive, is no path. */
function paths(order: Order): Program['paths'] {
  return (args) => {
    const all = files(args);
    return all.flatMap((word, index): PathGiven[] => {
      if (isRemote(word) || word.text.startsWith('/vsi')) return [];
      const written =
        (order === 'copy' && index > 0 && index === all.length - 1) ||
        (order === 'pair' && index === 1) ||
        (order === 'into' && index === 0);
      return [{ role: written ? 'write' : 'read', word }];
    });
  };
}

function gdal(order: Order, more: Omit<Program, 'paths' | 'contacts'> = {}): Program {
  const given = paths(order);
  return { longDash: true, values: VALUES, ...more, contacts, ...(given === undefined ? {} : { paths: given }) };
}

export const MAPS: ProgramTable = {
  gdalinfo: gdal('read'),
  ogrinfo: gdal('read'),
  gdal_translate: gdal('pair'),
  gdalwarp: gdal('copy', { reads: '-cutline' }),
  gdaladdo: gdal('read'),
  gdalbuildvrt: gdal('into', { reads: '-input_file_list' }),
  'gdal_rasterize gdaldem gdal_grid gdal_contour': gdal('copy'),
  ogr2ogr: gdal('into'),
  'gdal_merge.py gdal_calc.py gdal_polygonize.py': gdal('read', {
    writes: '-o --outfile',
    reads: '-A -B -C -D',
  }),
  'gdal2tiles.py': gdal('pair'),
  rio: { sub: { '*': { operands: 'copy' } } },
  cdo: {
    values: '-f -z -P -b -k',
    // The operator stands first, or has a dash; files have a dot or a slash.
    paths: (args) => {
      const all = args.operands.filter(({ text }) => /[./]/.test(text));
      return all.map((word, index) => ({ role: index > 0 && index === all.length - 1 ? 'write' : 'read', word }));
    },
  },
  ncks: { values: '-v -d -x', writes: '-o', operands: 'copy' },
  'ncdump ncgen': { values: '-v', writes: '-o', operands: 'read' },
};
