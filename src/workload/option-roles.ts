/** Parts of names by which programs call what they write; they count for more than those of what is read. */
const WRITES = new Set(
  'o out output outputs outdir outfile outpath save dest destination dst result results log logdir logfile export report project'.split(
    ' ',
  ),
);

/** Parts of names by which programs call what they read. */
const READS = new Set(
  (
    'i in input inputs indir infile data dataset datasets source src file files filename filepath image images video videos ' +
    'audio config conf cfg settings model models weights ckpt train test validation query script notebook fasta fastq bam ' +
    'vcf reference template prompts path dir folder'
  ).split(' '),
);

/** What an option of a program that is not known most likely does with its value, by its name. */
export function roleOfOption(option: string): 'read' | 'write' | undefined {
  const name = option.replace(/^-+/, '');
  // One letter in capitals may be anything.
  if (/^[A-Z]$/.test(name)) return undefined;
  const parts = name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_.]/);
  if (parts.some((part) => WRITES.has(part))) return 'write';
  // A program may as well put its checkpoints and caches there.
  if (parts.some((part) => /^(?:checkpoints?|cache|tmp|temp|work|run|runs|home)$/.test(part))) return undefined;
  return parts.some((part) => READS.has(part)) ? 'read' : undefined;
}

/** Whether the value of an option whose role is known is a path, and not a format, a number or a name. */
export function looksLikePath(text: string): boolean {
  if (/^-?[\d.]+$/.test(text) || /^[a-z][\w+.-]*:/i.test(text) || /[\s"'{}$]/.test(text)) return false;
  return text.includes('/') || /^\.{1,2}$/.test(text) || /\.[A-Za-z][A-Za-z0-9]{0,4}$/.test(text);
}
