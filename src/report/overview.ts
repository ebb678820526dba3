import type { SubjectReport } from '../check/finding.js';
import { shortDigest } from '../image/reference-grammar.js';
import type { InputSource, Task } from '../job/job-spec.js';
import { s3Place, s3Text } from '../job/s3-place.js';
import { sizeText } from '../text/size.js';
import { shortened } from '../text/shortened.js';
import { shownAddress } from '../text/web-address.js';
import { escapeForTerminal } from './escape.js';
import { plural } from './wording.js';

/**
 * Lines on what was looked at. The image always has one, so that a report names its source, digest and platforms;
 * inputs, outputs and network are shown in `full` only, when there are no findings to read instead.
 */
export function overview(report: SubjectReport, full: boolean): string[] {
  const task = report.job?.task;
  const lines = imageLine(report);
  if (full && task !== undefined)
    lines.push(...inputLines(report, task), ...outputLines(task), networkLine(report, task));
  return lines.map(escapeForTerminal);
}

/** No real reference with a digest is longer. */
const LONGEST_REFERENCE = 400;

function imageLine(report: SubjectReport): string[] {
  const { image } = report;
  if (image === undefined) return [];
  const { platforms } = image;
  const reference = shortened(image.reference, LONGEST_REFERENCE);
  if (platforms === undefined) return [`image    ${reference}  not seen`];
  const digest = platforms.digest === undefined ? 'no digest' : shortDigest(platforms.digest);
  const access = image.access === 'public' ? 'public' : image.access === 'credentials' ? 'needs credentials' : '';
  const parts = [
    reference,
    platforms.source,
    platforms.platforms.map(({ platform }) => platform).join(' '),
    digest,
    access,
  ];
  return [`image    ${parts.filter((part) => part !== '').join('  ')}`];
}

function inputLines(report: SubjectReport, task: Task): string[] {
  return task.inputs.map((input, index) => {
    const size = seenSize(report, input.index);
    const row = `${placeOf(input)} → ${input.target?.value ?? ''}${size === '' ? '' : `   ${size}`}`;
    return `${index === 0 ? 'inputs ' : '       '}  ${row}`;
  });
}

/** Names where an input comes from: `s3://docs/2024/`. */
export function placeOf({ source }: InputSource): string {
  const text = (name: string): string => {
    const value = source?.params.get(name)?.value;
    return typeof value === 'string' ? value : '';
  };
  const type = source?.type?.value.toLowerCase() ?? '';
  const place: Record<string, string> = {
    s3: `s3://${text('Bucket')}/${text('Key')}`,
    ipfs: `ipfs://${text('CID')}`,
    urldownload: shownAddress(text('URL')),
    local: `${text('SourcePath')} on the node`,
    localdirectory: `${text('SourcePath')} on the node`,
  };
  return place[type] ?? type;
}

/** What was seen of an input from outside: `128 objects, 2.1 GB`; empty when it was not. */
function seenSize({ probes }: SubjectReport, input: number): string {
  const size = probes?.['probe.url']?.get(input)?.size;
  if (size !== undefined) return sizeText(size);
  const content = probes?.['probe.ipfs']?.get(input);
  if (content?.kind === 'found') return `${content.shape}, ${sizeText(content.size)}`;
  const stored = probes?.['probe.s3']?.get(input);
  if (stored?.kind !== 'found') return '';
  const more = stored.isWhole ? '' : 'more than ';
  return `${more}${plural(stored.objects, 'object') || 'no objects'}, ${sizeText(stored.size)}`;
}

function outputLines(task: Task): string[] {
  const type = task.publisher?.type?.value ?? 'the default publisher';
  const place = type.trim().toLowerCase() === 's3' ? s3Place(task.publisher) : undefined;
  const publisher = place === undefined ? type : s3Text(place);
  return task.resultPaths.map(
    (result, index) => `${index === 0 ? 'outputs' : '       '}  ${result.path?.value ?? ''} → ${publisher}`,
  );
}

function networkLine(report: SubjectReport, task: Task): string {
  const mode = task.network?.type?.value ?? 'not named';
  const uses = new Set(report.workload?.network.map(({ program }) => program) ?? []);
  return `network  ${mode}${uses.size === 0 ? ', and nothing visible here needs one' : `, used by ${[...uses].join(', ')}`}`;
}
