import type { Finding, SubjectReport } from '../check/finding.js';
import { fingerprints } from '../check/fingerprint.js';
import type { Example, Fix, Rule } from '../check/rule.js';
import { STAGE_MEANING, type Severity } from '../check/stage.js';
import { positionAt, type Place } from '../text/source.js';
import { escapeForTerminal, jsonForTerminal } from './escape.js';
import type { ReportOptions } from './format.js';
import { locationOf, type Location } from './location.js';
import { codeBlock } from './markdown-text.js';
import { notCheckedTexts } from './wording.js';

/** The severities of SARIF 2.1.0, section 3.27.10. */
const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * The report as SARIF 2.1.0, for code scanning and editors. It is whole with no finding at all.
 *
 * What is ignored is left out. SARIF has `suppressions` for it (section 3.27.23), and GitHub does not heed them: there
 * each would be an open alert (github/codeql-action#1230).
 */
export function sarifReport(reports: readonly SubjectReport[], options: ReportOptions): string {
  const ruleIndex = new Map(options.rules.map(({ id }, index) => [id, index]));
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'bacalhau-preflight',
            semanticVersion: options.version,
            rules: options.rules.map(ruleDescriptor),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: options.problems.length === 0,
            toolExecutionNotifications: [
              ...options.problems.map((problem) => ({ level: 'error', message: { text: plain(problem) } })),
              ...reports.flatMap((report) => notCheckedNotes(report, options.folder)),
            ],
          },
        ],
        results: reports.flatMap((report) => {
          const marks = fingerprints(report.source, report.findings);
          return report.findings.map((finding, at) =>
            result(report, finding, marks[at] ?? '', ruleIndex.get(finding.rule), options.folder),
          );
        }),
        properties: { target: options.target.name, bacalhau: options.target.bacalhau },
      },
    ],
  };
  return `${jsonForTerminal(document)}\n`;
}

function ruleDescriptor(rule: Rule): object {
  const [group = ''] = rule.id.split('/', 1);
  const [bad] = rule.examples.bad;
  const [good] = rule.examples.good;
  return {
    id: rule.id,
    name: rule.id.replace(/(?:^|[/-])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: {
      text: `${rule.why}\n\n${rule.remedy}`,
      markdown: [
        `**Why.** ${rule.why}`,
        `**What to do.** ${rule.remedy}`,
        ...(bad === undefined ? [] : ['Found in', codeBlock(exampleText(bad))]),
        ...(good === undefined ? [] : ['Not found in', codeBlock(exampleText(good))]),
      ].join('\n\n'),
    },
    defaultConfiguration: { level: LEVEL[rule.severity] },
    properties: { tags: [...new Set(['bacalhau', group, rule.stage])], 'problem.severity': rule.severity },
  };
}

function exampleText({ job, command, dockerfile, reference }: Example): string {
  return (job ?? command ?? dockerfile ?? reference ?? '').trim();
}

function result(
  report: SubjectReport,
  finding: Finding,
  mark: string,
  ruleIndex: number | undefined,
  folder: string,
): object {
  const related = finding.related.filter(({ at }) => at !== undefined);
  const said = finding.related.filter(({ at }) => at === undefined).map(({ message }) => message);
  const fix = finding.fix === undefined ? undefined : sarifFix(report, finding, finding.fix, folder);
  return {
    ruleId: finding.rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVEL[finding.severity],
    message: { text: plain([finding.message, ...said, finding.remedy, ...(finding.fix?.commands ?? [])].join('\n')) },
    locations: [location(report, finding.at, folder)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map(({ message, at }, id) => ({
            id,
            ...location(report, at ?? finding.at, folder),
            message: { text: plain(message) },
          })),
        }),
    partialFingerprints: { 'ruleAndContent/v1': mark },
    ...(fix === undefined ? {} : { fixes: [fix] }),
    properties: {
      stage: finding.stage,
      stageMeaning: STAGE_MEANING[finding.stage],
      confidence: finding.confidence,
    },
  };
}

/** Edits of files; commands to paste stand in the message, and what was no file cannot be edited. */
function sarifFix(report: SubjectReport, finding: Finding, fix: Fix, folder: string): object | undefined {
  const where = locationOf(report, finding.at, folder);
  const source = finding.at.file ?? report.source;
  const edits = (fix.edits ?? []).filter(({ path }) => path === source.path);
  if (edits.length === 0 || edits.length !== fix.edits?.length || !where.isFile) return undefined;
  return {
    description: { text: plain(fix.title) },
    artifactChanges: [
      {
        artifactLocation: { uri: uriOf(where) },
        replacements: edits.map(({ start, end, text }) => ({
          deletedRegion: region(positionAt(source, start), positionAt(source, end)),
          insertedContent: { text },
        })),
      },
    ],
    properties: { safe: fix.safe },
  };
}

function location(report: SubjectReport, place: Place, folder: string): object {
  const where = locationOf(report, place, folder);
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(where) }, region: region(where.start, where.end) },
    ...(place.pointer === undefined || place.pointer === ''
      ? {}
      : { logicalLocations: [{ fullyQualifiedName: place.pointer }] }),
  };
}

function region(start: Location['start'], end: Location['end']): object {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** A relative reference (RFC 3986) below the reader's folder, or a file URI. */
function uriOf({ path, isFile }: Location): string {
  const encoded = path
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
    .split('/')
    .map((segment) => encodeURIComponent(segment))
    .join('/');
  return isFile && path.startsWith('/') ? `file://${encoded}` : encoded;
}

function notCheckedNotes(report: SubjectReport, folder: string): object[] {
  const at: Place = { span: { start: 0, end: 0 } };
  const uri = uriOf(locationOf(report, at, folder));
  return notCheckedTexts(report.notChecked).map((text) => ({
    level: 'note',
    message: { text: plain(text) },
    locations: [{ physicalLocation: { artifactLocation: { uri } } }],
  }));
}

/** Text of a SARIF message: control characters shown, and no `[text](target)` that a viewer would make a link. */
function plain(text: string): string {
  const lines = text.split('\n').map(escapeForTerminal).join('\n');
  return lines.includes('](') ? lines.replace(/[[\]\\]/g, '\\$&') : lines;
}
