import type { Finding, NotChecked, SubjectReport } from '../check/finding.js';
import type { SubjectKind } from '../check/rule.js';
import { STAGE_MEANING, type Severity, type Stage } from '../check/stage.js';

/** What a fact is about, in words that complete "not checked: …". */
const FACT_MEANING: Readonly<Record<string, string>> = {
  'image.access': 'whether nodes can pull the image',
  'image.platforms': 'the platforms of the image',
  'image.config': 'the command, user and folders of the image',
  'image.local': 'whether the local image is the same',
  'image.files': 'the files of the image',
  'image.base': 'whether the base of the image has moved',
  'probe.url': 'what nodes get for the URLs of inputs',
  'probe.s3': 'what nodes find in S3',
  'probe.ipfs': 'what IPFS has for the inputs',
  'probe.bucket': 'the bucket of the publisher',
  job: 'the job',
  'job.variables': 'what depends on variables',
  run: 'what the container does',
  'dockerfile.scripts': 'scripts of the image',
};

/** Gives what a missing fact is about; a fact that has no words of its own is named. */
export function factMeaning(fact: string): string {
  return FACT_MEANING[fact] ?? fact;
}

const FATE: Readonly<Record<Stage, string>> = {
  client: 'refused by bacalhau itself',
  orchestrator: 'refused by the server',
  schedule: 'accepted, but never given to a node',
  node: 'refused by nodes',
  run: 'started, and would fail',
  results: 'green, with its result lost or wrong',
};

const WHO: Readonly<Record<SubjectKind, string>> = {
  job: 'this job',
  command: 'the job of this line',
  dockerfile: 'a job with the image of this Dockerfile',
  image: 'a job with this image',
};

/** Says at which stage a finding strikes, in the words of the kind of file: a Dockerfile never comes to Bacalhau. */
export function stageMeaning(stage: Stage, kind: SubjectKind): string {
  return kind === 'dockerfile' && stage === 'client' ? 'docker build refuses it' : STAGE_MEANING[stage];
}

/** One sentence about what would happen to a subject, naming the rules that say so. */
export function fate(report: SubjectReport): string {
  if (report.verdict !== 'ok') {
    const rules = new Set(
      report.findings
        .filter(({ severity, stage }) => severity === 'error' && stage === report.verdict)
        .map(({ rule }) => rule),
    );
    if (report.kind === 'dockerfile' && report.verdict === 'client') {
      return `this Dockerfile would not build: ${[...rules].join(', ')}`;
    }
    return `${WHO[report.kind]} would be ${FATE[report.verdict]}: ${[...rules].join(', ')}`;
  }
  if (report.run?.ended === 'exited') return `${WHO[report.kind]} would run`;
  if (isReady(report)) return 'ready';
  const warned = report.findings.some(({ severity }) => severity !== 'info');
  return `${warned ? 'no error' : 'nothing wrong'} in what could be checked`;
}

/** Ready means that nothing is wrong and that everything was looked at. */
export function isReady(report: SubjectReport): boolean {
  return report.verdict === 'ok' && report.notChecked.length === 0;
}

/** `2 errors, 1 warning`, with how many are known and not told; empty when there is nothing to count. */
export function countText(findings: readonly Finding[], suppressed: readonly unknown[] = []): string {
  const of = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const ignored = suppressed.length === 0 ? '' : `${String(suppressed.length)} ignored`;
  return [plural(of('error'), 'error'), plural(of('warning'), 'warning'), plural(of('info'), 'note'), ignored]
    .filter((text) => text !== '')
    .join(', ');
}

/** `1 file`, `3 files`; empty for none. */
export function plural(count: number, noun: string): string {
  return count === 0 ? '' : `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Sentences about what was not checked, one for each reason: what it is about, the reason, the rules or their number. */
export function notCheckedTexts(notChecked: readonly NotChecked[]): string[] {
  const byReason = new Map<string, NotChecked[]>();
  for (const entry of notChecked) byReason.set(entry.reason, [...(byReason.get(entry.reason) ?? []), entry]);
  return [...byReason].map(([reason, entries]) => {
    const rules = [...new Set(entries.flatMap((entry) => entry.rules))].sort();
    const about = entries.map(({ fact }) => factMeaning(fact)).join(', ');
    const who = rules.length > 3 ? `${String(rules.length)} rules` : rules.join(', ');
    return `not checked: ${about} (${reason})${who === '' ? '' : ` · ${who}`}`;
  });
}
