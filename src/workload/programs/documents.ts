import type { ProgramTable } from './program.js';

const TEX = {
  longDash: true,
  values: '-interaction -jobname',
  writes: '-output-directory --output-directory',
  operands: 'read',
} as const;
const PDF = { longDash: true, values: '-f -l -r -x -y -W -H -enc -scale-to', operands: 'pair' } as const;

export const DOCUMENTS: ProgramTable = {
  pandoc: {
    values:
      '-f --from -r --read -t --to -w --write -V --variable -M --metadata --toc-depth --columns --pdf-engine -F --filter',
    reads:
      '--template -H -B -A --bibliography --csl -c --css --reference-doc --metadata-file --defaults -d -L --lua-filter',
    writes: '-o --output --extract-media',
    operands: 'read',
    opensUrls: true,
  },
  'pdflatex xelatex lualatex latexmk bibtex': TEX,
  'pdftotext pdftoppm pdftocairo pdftohtml pdfimages': PDF,
  qpdf: { operands: 'copy' },
  'libreoffice soffice': { longDash: true, values: '--convert-to --infilter', writes: '--outdir', operands: 'read' },
  gs: { longDash: true, writes: '-sOutputFile -o', operands: 'read' },
  tesseract: { values: '-l --psm --oem -c --dpi --tessdata-dir', operands: 'pair' },
  'dot neato fdp circo twopi': { values: '-T -K -G -N -E', writes: '-o', operands: 'read' },
  mmdc: { longDash: true, values: '-t -b -w -H', reads: '-i --input', writes: '-o --output' },
};
