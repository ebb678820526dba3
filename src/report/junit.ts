import type { Finding, SubjectReport } from '../check/finding.js';
import { SEVERITIES } from '../check/stage.js';
import { escapeForTerminal } from './escape.js';
import type { ReportOptions } from './format.js';
import { locationOf, subjectPath, type Location } from './location.js';
import { fate, notCheckedTexts, stageMeaning } from './wording.js';

/**
 * The report as JUnit XML: a suite for each subject, a test case for each rule that found something there, skipped
 * cases for what was not checked, and one that passes where nothing was found. Findings milder than what fails the
 * run are told in cases that pass, so that a test page is red exactly when the exit code is.
 */
export function junitReport(reports: readonly SubjectReport[], options: ReportOptions): string {
  const suites = reports.map((report) => suite(subjectPath(report, options.folder), cases(report, options)));
  if (options.problems.length > 0) {
    suites.unshift(
      suite(
        'arguments',
        options.problems.map((problem) => ({ name: problem, state: 'error', message: problem, text: problem })),
      ),
    );
  }
  const all = suites.reduce((sum, { counts }) => add(sum, counts), NONE);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="bacalhau-preflight" ${attributes(all)}>`,
    ...suites.map(({ xml }) => xml),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  readonly name: string;
  readonly state: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message: string;
  readonly text: string;
  readonly at?: Location;
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}
const NONE: Counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };

function cases(report: SubjectReport, options: ReportOptions): Case[] {
  const byRule = new Map<string, Finding[]>();
  for (const finding of report.findings) {
    const same = byRule.get(finding.rule);
    if (same === undefined) byRule.set(finding.rule, [finding]);
    else same.push(finding);
  }
  const found = [...byRule].map(([name, findings]): Case => {
    const failing = findings.filter(({ severity }) => fails(severity, options.failOn));
    const [first = findings[0]] = failing;
    return {
      name,
      state: failing.length > 0 ? 'failure' : 'passed',
      message: first?.message ?? '',
      text: findings.map((finding) => findingText(report, finding, options.folder)).join('\n\n'),
      ...(first === undefined ? {} : { at: locationOf(report, first.at, options.folder) }),
    };
  });
  const skipped = notCheckedTexts(report.notChecked).map((text): Case => ({
    name: 'not checked',
    state: 'skipped',
    message: text,
    text: '',
  }));
  const passed: Case[] = found.length > 0 ? [] : [{ name: fate(report), state: 'passed', message: '', text: '' }];
  return [...found, ...skipped, ...passed];
}

function fails(severity: Finding['severity'], failOn: ReportOptions['failOn']): boolean {
  return failOn !== 'never' && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(failOn);
}

function findingText(report: SubjectReport, finding: Finding, folder: string): string {
  const { path, start } = locationOf(report, finding.at, folder);
  return [
    `${path}:${String(start.line)}:${String(start.column)}: ${finding.severity} (${stageMeaning(finding.stage, report.kind)})`,
    finding.message,
    finding.remedy,
    ...(finding.fix?.commands ?? []).map((command) => `  ${command}`),
  ].join('\n');
}

function suite(name: string, cases: readonly Case[]): { xml: string; counts: Counts } {
  const count = (state: Case['state']): number => cases.filter((one) => one.state === state).length;
  const counts = {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
  const xml = [
    `  <testsuite name="${escapeXml(name)}" ${attributes(counts)}>`,
    ...cases.flatMap((one) => caseXml(name, one)),
    '  </testsuite>',
  ].join('\n');
  return { xml, counts };
}

function caseXml(suiteName: string, { name, state, message, text, at }: Case): string[] {
  const place = at === undefined ? '' : ` file="${escapeXml(at.path)}" line="${String(at.start.line)}"`;
  const open = `    <testcase classname="${escapeXml(suiteName)}" name="${escapeXml(name)}"${place} time="0"`;
  if (state === 'passed' && text === '') return [`${open}/>`];
  const inside =
    state === 'passed'
      ? `      <system-out>${escapeXml(text)}</system-out>`
      : state === 'skipped'
        ? `      <skipped message="${escapeXml(message)}"/>`
        : `      <${state} message="${escapeXml(message)}">${escapeXml(text)}</${state}>`;
  return [`${open}>`, inside, '    </testcase>'];
}

function attributes({ tests, failures, errors, skipped }: Counts): string {
  return `tests="${String(tests)}" failures="${String(failures)}" errors="${String(errors)}" skipped="${String(skipped)}" time="0"`;
}

function add(a: Counts, b: Counts): Counts {
  return {
    tests: a.tests + b.tests,
    failures: a.failures + b.failures,
    errors: a.errors + b.errors,
    skipped: a.skipped + b.skipped,
  };
}

/** Text for elements and attributes; what XML 1.0 has no way to write (section 2.2) is shown. */
function escapeXml(text: string): string {
  return text
    .split('\n')
    .map(escapeForTerminal)
    .join('\n')
    .replace(/[\ufffe\uffff]/g, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)
    .replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`)
    .replace(/\n/g, '&#10;');
}
