import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import rules from '../../rules/index.js';
import type { Finding, SubjectReport } from '../../src/check/finding.js';
import { fingerprints } from '../../src/check/fingerprint.js';
import { FORMATS, type Format, type ReportOptions } from '../../src/report/format.js';
import { FILE, render } from '../../src/report/render.js';
import { sourceText } from '../../src/text/source.js';
import { CLEAN, REPORT, target } from '../kit/golden-report.js';
import { gitlabProblems, htmlOf, junitCases, sarifProblems, workflowCommands } from '../kit/report-readers.js';

// Each form is read by what reads it in the world, also where every name in it is hostile.

const options: ReportOptions = {
  target,
  version: '1.2.3',
  rules,
  problems: [],
  failOn: 'error',
  folder: '/repository',
};

const print = (format: Format, reports: readonly SubjectReport[], more: Partial<ReportOptions> = {}): Promise<string> =>
  render(reports, format, { ...options, ...more }, FILE);

test('what is ignored is a finding in no report, and the count of JSON tells of it', async () => {
  const ignored: SubjectReport = {
    ...REPORT,
    verdict: 'ok',
    findings: [],
    suppressed: REPORT.findings.map((finding) => ({ finding, by: 'comment', reason: 'meant so' })),
  };
  const sarif = await print('sarif', [ignored]);
  expect(sarifProblems(sarif)).toEqual([]);
  expect(JSON.parse(sarif)).toMatchObject({ runs: [{ results: [] }] });
  expect(JSON.parse(await print('json', [ignored]))).toMatchObject({
    summary: { errors: 0, warnings: 0, infos: 0, fixable: 0, suppressed: REPORT.findings.length },
  });
  expect(workflowCommands(await print('github', [ignored]))).toEqual([]);
  expect(JSON.parse(await print('gitlab', [ignored]))).toEqual([]);
  expect((await junitCases(await print('junit', [ignored]))).filter(({ failure }) => failure !== undefined)).toEqual(
    [],
  );
});

const HOSTILE = [
  'a\u001b[31mred\u001b]0;title\u0007',
  'a\n::error::injected',
  '::error file=x::injected',
  '%0A::error::injected',
  'a%0A::error::injected,line=1',
  '##[error]injected',
  '##vso[task.setvariable variable=x]injected',
  'a]]>&<b>"\'',
  '[click](https://evil.example/)',
  '![x](https://evil.example/x.png)',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '</details>\n# heading\n- item',
  '`code` ``` ~~~ | cell |',
  '@everyone #1 https://evil.example/ www.evil.example me@evil.example',
  'a\u202egnp.exe',
  'a\u200bb\ufffeb\ud800',
  '<!-- --> -->',
  '&lt;b&gt;&#60;',
  '\\[a\\](b)',
  'title\n===\n1. item\n+ item',
  '../../etc/passwd',
];

/** The report with every text that may come from outside replaced. */
function hostile(text: string): SubjectReport {
  const finding = (one: Finding): Finding => ({
    ...one,
    message: text,
    remedy: text,
    related: [{ message: text, at: one.at }, { message: text }],
    fix: { title: text, safe: true, edits: [{ path: text, start: 0, end: 1, text }], commands: [text] },
  });
  return {
    ...REPORT,
    source: sourceText(text, REPORT.source.text),
    findings: REPORT.findings.map(finding),
    notChecked: [{ fact: 'image.config', reason: text, rules: ['a/b'] }],
    ...(REPORT.image === undefined ? {} : { image: { ...REPORT.image, reference: text } }),
  };
}

const RULES = REPORT.findings.map(({ rule }) => rule);

const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

describe.each(HOSTILE.map((text) => [text]))('%j', (text) => {
  test.each(FORMATS)('%s has no control characters', async (format) => {
    expect(await print(format, [hostile(text)], { problems: [text] })).not.toMatch(UNSAFE);
  });

  test('sarif stays valid and has no link', async () => {
    const sarif = await print('sarif', [hostile(text)], { problems: [text] });
    expect(sarifProblems(sarif)).toEqual([]);
    for (const [, message = ''] of sarif.matchAll(/"text": (".*")/g)) {
      const said: unknown = JSON.parse(message);
      if (said !== text) expect(said).not.toMatch(/(?<!\\)\]\(/);
    }
  });

  test('junit is read with the same cases', async () => {
    const cases = await junitCases(await print('junit', [hostile(text)]));
    expect(cases.map(({ name }) => name)).toEqual([...RULES, 'not checked']);
  });

  test('github has its own commands only', async () => {
    const commands = workflowCommands(await print('github', [hostile(text)], { problems: [text] }));
    expect(commands.map(({ name }) => name)).toEqual(['error', 'error', 'warning', 'notice']);
    for (const { properties } of commands) {
      expect(Object.keys(properties).filter((name) => !/^(title|file|line|endLine|col|endColumn)$/.test(name))).toEqual(
        [],
      );
    }
  });

  test('lines in a log are no commands', async () => {
    const log = await render([hostile(text)], 'pretty', options, { ...FILE, env: { CI: 'true' } });
    expect(workflowCommands(log)).toEqual([]);
  });

  test('gitlab stays valid', async () => {
    expect(gitlabProblems(await print('gitlab', [hostile(text), hostile(text)]))).toEqual([]);
  });

  test('markdown has no link, image, heading or HTML of its own', async () => {
    const html = htmlOf(await print('markdown', [hostile(text)], { problems: [text] }));
    const tags = new Set(
      Array.from(html.matchAll(/<(?!!-- (?:bacalhau-preflight )?-->)\/?([^\s>]*)/g), ([, tag]) => tag),
    );
    const ours = ['h3', 'h4', 'p', 'ul', 'li', 'strong', 'code', 'pre'];
    expect([...tags].filter((tag) => !ours.includes(tag ?? ''))).toEqual([]);
    expect(html.match(/<h3>/g)).toHaveLength(1);
    expect(html.match(/<h4>/g)).toHaveLength(1);
    const findings = REPORT.findings.length;
    expect(html.match(/<li>/g)).toHaveLength(findings + 1);
  });
});

test('any text at all', async () => {
  const anything = fc.string({ unit: 'binary', maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(anything, async (text) => {
      const reports = [hostile(text)];
      expect(sarifProblems(await print('sarif', reports, { rules: [] }))).toEqual([]);
      expect(await junitCases(await print('junit', reports))).toHaveLength(RULES.length + 1);
      expect(workflowCommands(await print('github', reports))).toHaveLength(RULES.length);
      expect(htmlOf(await print('markdown', reports))).not.toMatch(/<(?:a|img|script) /);
    }),
    { numRuns: 60 },
  );
});

test('sarif is valid with nothing found and with nothing checked', async () => {
  for (const reports of [[], [CLEAN]]) {
    const text = await print('sarif', reports);
    expect(sarifProblems(text)).toEqual([]);
    expect(JSON.parse(text)).toMatchObject({ runs: [{ results: [], invocations: [{ executionSuccessful: true }] }] });
  }
});

test('the other forms are whole with nothing checked', async () => {
  expect(await junitCases(await print('junit', []))).toEqual([]);
  expect(JSON.parse(await print('gitlab', []))).toEqual([]);
  expect(await print('markdown', [])).toContain('nothing found');
  expect(workflowCommands(await print('github', []))).toEqual([]);
});

test('junit fails what fails the run, and tells the rest in cases that pass', async () => {
  const failed = async (failOn: ReportOptions['failOn']): Promise<string[]> =>
    (await junitCases(await print('junit', [REPORT], { failOn })))
      .filter(({ failure }) => failure !== undefined)
      .map(({ name }) => name);
  expect(await failed('error')).toEqual(['image/platform']);
  expect(await failed('warning')).toEqual(['image/platform', 'output/lost']);
  expect(await failed('info')).toEqual(RULES);
  expect(await failed('never')).toEqual([]);
});

test('github annotates the ten worst and says how many are left', async () => {
  const [error, warning] = REPORT.findings;
  if (error === undefined || warning === undefined) throw new Error('the report has lost its findings');
  const findings = [...Array.from({ length: 9 }, () => warning), ...Array.from({ length: 4 }, () => error)];
  const log = await print('github', [{ ...REPORT, findings }]);
  const names = workflowCommands(log).map(({ name }) => name);
  expect(names).toEqual([...Array<string>(4).fill('error'), ...Array<string>(6).fill('warning')]);
  expect(log).toContain('The 10 worst are annotated; 3 more findings below');
  const withProblem = await print('github', [{ ...REPORT, findings }], { problems: ['a', 'b'] });
  expect(workflowCommands(withProblem)).toHaveLength(10);
  expect(withProblem).toContain('The 8 worst are annotated; 5 more findings below');
});

test('markdown stays below what a comment may have, and counts what it leaves out', async () => {
  const many = Array.from({ length: 400 }, () => REPORT);
  const text = await print('markdown', many);
  expect(text.length).toBeLessThan(65_536);
  expect(text).toMatch(/\d+ more subjects did not fit/);
});

test('markdown shows of one subject what fits, and bounds problems and paths', async () => {
  const [error] = REPORT.findings;
  if (error === undefined) throw new Error('the report has lost its findings');
  const one = { ...REPORT, findings: Array.from({ length: 10_000 }, () => error) };
  const long = Array.from({ length: 60 }, (_, at) => ({
    ...CLEAN,
    source: sourceText(`${'d/'.repeat(2000)}${String(at)}`, ''),
  }));
  const problems = Array.from({ length: 500 }, (_, at) => `${'*'.repeat(3000)} ${String(at)}`);
  const text = await print('markdown', [one, ...long], { problems });
  expect(text.length).toBeLessThan(65_536);
  expect(text).toContain('480 more, which the log names');
  expect(text).toMatch(/\*\*error\*\*[^]*\d+ more findings did not fit here/);
  expect(text).toMatch(/Ready: .*\d+ more/);
});

test('github counts what was not read among the ten', async () => {
  const problems = Array.from({ length: 12 }, (_, at) => `cannot read ${String(at)}`);
  const log = await print('github', [REPORT], { problems });
  expect(workflowCommands(log)).toHaveLength(10);
  expect(log).toContain('2 more problems with what was named');
});

test('a fingerprint for GitLab is the same however the path was typed', async () => {
  const marks = async (path: string): Promise<string[]> =>
    Array.from(
      (await print('gitlab', [{ ...REPORT, source: sourceText(path, REPORT.source.text) }])).matchAll(
        /"fingerprint": "(.*)"/g,
      ),
      ([, mark = '']) => mark,
    );
  expect(await marks('./jobs/a.yaml')).toEqual(await marks('/repository/jobs/a.yaml'));
});

test('fingerprints stay when lines move, and tell equal findings apart', () => {
  const moved = sourceText(REPORT.source.path, `# a comment\n\n${REPORT.source.text}`);
  const shift = moved.text.length - REPORT.source.text.length;
  const shifted = REPORT.findings.map((finding) => ({
    ...finding,
    at:
      finding.at.file !== undefined
        ? finding.at
        : { ...finding.at, span: { start: finding.at.span.start + shift, end: finding.at.span.end + shift } },
  }));
  const before = fingerprints(REPORT.source, REPORT.findings);
  expect(fingerprints(moved, shifted)).toEqual(before);
  const twice = fingerprints(REPORT.source, [...REPORT.findings, ...REPORT.findings]);
  expect(new Set(twice).size).toBe(2 * before.length);
});

test('paths are told from the folder of the reader', async () => {
  const at = (path: string): SubjectReport => ({ ...REPORT, source: sourceText(path, REPORT.source.text) });
  const paths = ['./jobs/a.yaml', '/repository/b.yaml', 'sub/../c d.yaml', '/elsewhere/d.yaml', '-'];
  const text = await print('gitlab', paths.map(at));
  const told = Array.from(text.matchAll(/"path": "(.*)"/g), ([, path]) => path).filter(
    (path) => path !== 'jobs/Dockerfile',
  );
  expect([...new Set(told)]).toEqual(['jobs/a.yaml', 'b.yaml', 'c d.yaml', '/elsewhere/d.yaml', '-']);
  expect(await print('sarif', paths.map(at))).toContain('"uri": "c%20d.yaml"');
});
