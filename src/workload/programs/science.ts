import { hasOption } from '../arguments.js';
import { subs, type Program, type ProgramTable } from './program.js';

const THREADS = '-@ --threads';
const SAM: Program = { values: THREADS, writes: '-o --output', operands: 'first' };

const BCF: Program = {
  values: '-O --output-type -r --regions -t --targets -i --include -e --exclude -f --format -s --samples --threads',
  reads: '-R --regions-file -T --targets-file -S --samples-file -a',
  writes: '-o --output',
  operands: 'read',
};
const BLAST: Program = {
  longDash: true,
  values: '-db -evalue -outfmt -num_threads -max_target_seqs -task -word_size -perc_identity',
  reads: '-query -subject',
  writes: '-out',
  // The name of a database is a path when it is written as one; else it is looked up below BLASTDB.
  paths: ({ options }) =>
    options.flatMap(({ name, value }) =>
      name === '-db' && value?.text.includes('/') === true ? [{ role: 'read' as const, word: value }] : [],
    ),
  contacts: (args, word) =>
    hasOption(args, '-remote') ? [{ word, does: 'searches at NCBI', usual: ['blast.ncbi.nlm.nih.gov'] }] : [],
};
const BEDTOOLS: Program = {
  longDash: true,
  values: '-f -F -c -o -wa -sorted',
  reads: '-a -b -i -g -fi -bed',
  writes: '-fo',
};

export const SCIENCE: ProgramTable = {
  samtools: {
    sub: {
      // `-O` is the format of what is written, `-T` of sort the beginning of temporary names.
      view: { ...SAM, values: `${THREADS} -q -f -F -G -s -d -D -r -R -l -m -t -O -e`, reads: '-T -L --reference' },
      sort: { ...SAM, values: `${THREADS} -m -l -t -T -O` },
      ...subs('collate fixmate calmd reheader', { ...SAM, values: `${THREADS} -l -O`, operands: 'pair' }),
      markdup: { ...SAM, values: `${THREADS} -l -d -O`, operands: 'pair' },
      ...subs('index faidx dict flagstat stats idxstats coverage quickcheck tview head', {
        ...SAM,
        values: `${THREADS} -m -n -O`,
      }),
      depth: { ...SAM, values: `${THREADS} -q -Q -d -r`, reads: '-b -f', operands: 'read' },
      mpileup: { ...SAM, values: `${THREADS} -q -Q -d -r`, reads: '-f -l -b --fasta-ref', operands: 'read' },
      merge: { ...SAM, values: `${THREADS} -l -O`, reads: '-b -h', operands: 'into' },
      cat: { ...SAM, operands: 'read' },
      ...subs('fastq fasta', { ...SAM, values: `${THREADS} -f -F -n -O`, writes: '-1 -2 -0 -s -o' }),
    },
  },
  bwa: {
    sub: {
      ...subs('mem aln samse sampe bwasw', {
        values: '-t -k -w -d -r -R -A -B -O -E -T -v -K',
        writes: '-o -f',
        operands: 'read',
      }),
      index: { values: '-a -p', operands: 'edit' },
    },
  },
  'bwa-mem2': { sub: { mem: { values: '-t -k -R -K', writes: '-o', operands: 'read' }, index: { operands: 'edit' } } },
  bowtie2: {
    longDash: true,
    values: '-p --threads -k -N -L -I -X --rg-id --rg',
    reads: '-x -1 -2 -U',
    writes: '-S --un --al',
  },
  'bowtie2-build': { values: '--threads', operands: 'pair' },
  hisat2: { longDash: true, values: '-p -k', reads: '-x -1 -2 -U', writes: '-S --summary-file' },
  minimap2: { values: '-x -t -k -w -K -R -N -p -r -g -G -f -I', writes: '-o', operands: 'read' },
  fastqc: { values: '-t --threads -f --format -k', reads: '-c -a', writes: '-o --outdir -d', operands: 'read' },
  multiqc: { values: '-n --filename -i --title', reads: '-c --config', writes: '-o --outdir', operands: 'read' },
  fastp: {
    values: '-w --thread -q -u -l -f -t -z --adapter_sequence',
    reads: '-i --in1 -I --in2 --adapter_fasta',
    writes: '-o --out1 -O --out2 -j --json -h --html',
  },
  'trimmomatic cutadapt': { values: '-a -g -A -q -m -j --threads', writes: '-o -p', operands: 'mention' },
  bcftools: {
    sub: {
      '*': BCF,
      view: { ...BCF, values: `${BCF.values ?? ''} -m -M -v -V -c -C -q -Q` },
      mpileup: { ...BCF, values: '-O --output-type -r -q -Q -d -b --threads', reads: '-f --fasta-ref -R -T' },
      call: { ...BCF, values: '-O --output-type -r -t -p -P --ploidy --threads' },
    },
  },
  'tabix bgzip': { values: '-p -s -b -e -@', operands: 'first' },
  bedtools: { longDash: true, sub: { '*': BEDTOOLS } },
  'blastn blastp blastx tblastn tblastx': BLAST,
  makeblastdb: { longDash: true, values: '-dbtype -title -parse_seqids', reads: '-in', writes: '-out' },
  STAR: {
    longDash: true,
    values: '--runThreadN --runMode --outSAMtype --quantMode --sjdbOverhang',
    reads: '--genomeDir --readFilesIn --genomeFastaFiles --sjdbGTFfile',
    writes: '--outFileNamePrefix',
    operands: 'read',
  },
  salmon: {
    sub: {
      quant: { values: '-l --libType -p --threads', reads: '-i --index -r -1 -2 -a -t', writes: '-o --output' },
      index: { values: '-k -p', reads: '-t --transcripts', writes: '-i --index' },
    },
  },
  kallisto: {
    sub: {
      quant: { values: '-t -b -l -s', reads: '-i --index', writes: '-o --output-dir', operands: 'read' },
      index: { values: '-k', writes: '-i --index', operands: 'read' },
    },
  },
  gatk: {
    longDash: true,
    values: '--java-options',
    sub: {
      '*': { longDash: true, values: '-ERC', reads: '-R -I -V -L -bqsr --known-sites', writes: '-O -bamout --output' },
    },
  },
  gmx: {
    longDash: true,
    sub: {
      '*': {
        longDash: true,
        values: '-water -ff -bt -d -box -nt -ntomp -nb -b -e -dt',
        reads: '-f -s -c -p -n -r -t -cs -cp',
        writes: '-o -po -x -g -i -deffnm',
      },
    },
  },
  obabel: { longDash: true, writes: '-O', operands: 'read' },
  'vina smina gnina': {
    values: '--exhaustiveness --center_x --center_y --center_z --size_x --size_y --size_z --cpu --seed --num_modes',
    reads: '--receptor --ligand --config -r -l --flex --autobox_ligand',
    writes: '--out --log -o',
  },
  'seqkit seqtk': { values: '-n -p -s -j -w', writes: '-o --out-file', operands: 'mention' },
};
