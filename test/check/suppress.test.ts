import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import rules from '../../rules/index.js';
import {
  baselineOf,
  baselineSuppressor,
  baselineText,
  byPath,
  keptEntries,
  parseBaseline,
  unusedEntries,
} from '../../src/check/baseline.js';
import { check } from '../../src/check/check.js';
import type { SubjectReport } from '../../src/check/finding.js';
import { ignoreComments } from '../../src/check/ignore-comments.js';
import type { Suppressor } from '../../src/check/suppress.js';
import { builtInTarget } from '../../src/target/built-in.js';
import { sourceText } from '../../src/text/source.js';

const JOB = `Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/count:latest
        Parameters:
          - |
            echo a > /results/a
    Network:
      Type: Full
`;

async function checked(text: string, suppressor?: Suppressor): Promise<SubjectReport> {
  const target = builtInTarget();
  const [report] = await check(
    [
      {
        kind: text.startsWith('FROM') || text.startsWith('#F') ? 'dockerfile' : 'job',
        source: sourceText('job.yaml', text),
      },
    ],
    {
      rules,
      target,
      variables: new Map(),
      settingsOf: () => ({ rules, target, ...(suppressor === undefined ? {} : { suppressor }) }),
      lookAtImage: (_name, wanted) =>
        Promise.resolve({ facts: {}, missing: Object.fromEntries([...wanted].map((fact) => [fact, 'offline'])) }),
    },
  );
  if (report === undefined) throw new Error('no report');
  return report;
}

function idsOf({ findings }: SubjectReport): string[] {
  return findings.map(({ rule }) => rule);
}

function notesOf({ ignoreNotes = [] }: SubjectReport): string[] {
  return ignoreNotes.map(({ message }) => message);
}

describe('more findings of a rule than are told', () => {
  const keys = (count: number): string =>
    Array.from({ length: count }, (_, at) => `    Key${String(at)}: x\n`).join('');
  const last = (count: number): string => `    Key${String(count - 1)}: x\n`;
  const ignored = (count: number): string =>
    keys(count).replace(last(count), `${last(count).trimEnd()} # bacalhau-preflight ignore=job/ignored-key -- x\n`);

  test.each([150, 1500])('of %i an ignore of the last one is not called useless', async (count) => {
    expect(notesOf(await checked(JOB + ignored(count)))).toEqual([]);
  });

  test('what is ignored does not hide what is not', async () => {
    const text = JOB + keys(150);
    const report = await checked(text);
    expect(report.findings.filter(({ rule }) => rule === 'job/ignored-key')).toHaveLength(100);
    const known = baselineSuppressor(
      baselineOf([report], (path) => path),
      'job.yaml',
    );
    const news = await checked(text, known);
    expect(news.findings.filter(({ rule }) => rule === 'job/ignored-key')).toHaveLength(50);
  });
});

describe('comments', () => {
  const MODE = 'network/deprecated-mode';

  test.each([
    ['on the line', JOB.replace('Type: Full', `Type: Full # bacalhau-preflight ignore=${MODE} -- old nodes`)],
    [
      'above the line',
      JOB.replace('      Type: Full', `      # bacalhau-preflight ignore=${MODE} -- old nodes\n      Type: Full`),
    ],
    [
      'above, with other comments and a blank line between',
      JOB.replace('      Type: Full', `# bacalhau-preflight ignore=${MODE} -- old nodes\n\n  # more\n      Type: Full`),
    ],
    ['of a group', JOB.replace('Type: Full', 'Type: Full # bacalhau-preflight ignore=network/* -- old nodes')],
    [
      'of several rules',
      JOB.replace('Type: Full', `Type: Full # bacalhau-preflight ignore=${MODE}, image/missing -- old nodes`),
    ],
    [
      'with CRLF',
      JOB.replace('Type: Full', `Type: Full # bacalhau-preflight ignore=${MODE} -- old nodes`).replaceAll('\n', '\r\n'),
    ],
  ])('%s', async (_name, text) => {
    expect(idsOf(await checked(JOB))).toContain(MODE);
    const report = await checked(text);
    expect(idsOf(report)).not.toContain(MODE);
    expect(report.suppressed).toMatchObject([{ finding: { rule: MODE }, by: 'comment', reason: 'old nodes' }]);
    expect(notesOf(report)).toEqual([]);
  });

  test('of a Dockerfile, for a whole instruction', async () => {
    const dockerfile = 'FROM alpine:3.20\nENTRYPOINT echo \\\n  # why\n  hi\n';
    expect(idsOf(await checked(dockerfile))).toEqual(['dockerfile/shell-form-entrypoint']);
    const report = await checked(
      dockerfile.replace('ENTRY', '# bacalhau-preflight ignore=dockerfile/* -- meant so\nENTRY'),
    );
    expect([idsOf(report), notesOf(report)]).toEqual([[], []]);
  });

  test.each([
    ['another escape character', '# escape=`\nFROM a\n#@\nRUN a `\n  b\nVOLUME /x\n', [4, 5]],
    ['a line that ends like a continuation', '#F\nFROM a\n#@\nRUN echo `date`\nVOLUME /x\n', [4, 4]],
    ['a here-document', 'FROM a\n#@\nRUN <<EOF\necho a\n# b\nEOF\nVOLUME /x\n', [3, 6]],
    ['between continuation lines', 'FROM a\nRUN a \\\n  #@\n  b \\\n  c\n', [4, 4]],
    ['at the end', 'FROM a\n#@', [3, 3]],
    ['with CRLF', 'FROM a\r\n#@\r\nRUN a \\\r\n  b\r\nUSER x\r\n', [3, 4]],
  ])('in a Dockerfile a comment covers one instruction: %s', (_name, text, [firstLine, lastLine]) => {
    const source = sourceText('Dockerfile', text.replace('#@', '# bacalhau-preflight ignore=x/y -- z'));
    expect(ignoreComments('dockerfile', source)).toMatchObject([{ firstLine, lastLine, rules: ['x/y'] }]);
  });

  test('the lines of a here-document are data', () => {
    const text =
      'FROM a\nRUN <<A <<B\n# bacalhau-preflight ignore=x/y -- z\nA\n# bacalhau-preflight ignore=x/y -- z\nB\n';
    expect(ignoreComments('dockerfile', sourceText('Dockerfile', text))).toEqual([]);
  });

  test('a rule that looks deeper with --deep may find something then', async () => {
    const text = JOB.replace('Image:', '# bacalhau-preflight ignore=image/program -- built elsewhere\n        Image:');
    expect(notesOf(await checked(text))).toEqual([]);
  });

  test('a comment above a block of text covers all of it', () => {
    const text = `a: b\n# bacalhau-preflight ignore=x/y -- z\nkey: |\n  one\n  # no comment\n  two\nc: d\n`;
    expect(ignoreComments('job', sourceText('a', text))).toMatchObject([{ firstLine: 3, lastLine: 6 }]);
  });

  test.each([
    ['in a block of text', `key: |\n  # bacalhau-preflight ignore=x/y -- z\n`],
    ['in quotes', `key: "# bacalhau-preflight ignore=x/y -- z"\n`],
    ['in a plain text', `key: a# bacalhau-preflight ignore=x/y -- z\n`],
    ['about something else', `# bacalhau-preflight is fine\nkey: a\n`],
    ['about something else, with a colon', `# bacalhau-preflight is fine: see below\nkey: a\n`],
    ['a note', `# bacalhau-preflight note: see below\nkey: a\n`],
    ['an address', `# bacalhau-preflight: https://example.org/why\nkey: a\n`],
  ])('what is no comment: %s', (_name, text) => {
    expect(ignoreComments('job', sourceText('a', text))).toEqual([]);
  });

  test('a million characters are read in one go', () => {
    const blanks = ' '.repeat(1_000_000);
    const one = ignoreComments('job', sourceText('a', `# bacalhau-preflight ignore=a/b${blanks}c/d -- e\nkey: a\n`));
    expect(one).toMatchObject([{ rules: ['a/b', 'c/d'], reason: 'e', firstLine: 2 }]);
    const many = '# bacalhau-preflight ignore=a/b -- c\n'.repeat(25_000);
    expect(ignoreComments('dockerfile', sourceText('a', `${many}FROM scratch\n`)).at(0)?.firstLine).toBe(25_001);
    expect(ignoreComments('job', sourceText('a', `${many}key: a\n`)).at(-1)?.firstLine).toBe(25_001);
  });

  test.each([
    ['=network/deprecated-mode', ['this ignore gives no reason; write it behind --']],
    [
      '=network/deprecated-mod -- a',
      ['there is no rule network/deprecated-mod to ignore; did you mean network/deprecated-mode?'],
    ],
    ['=input/s3-glob -- a', ['input/s3-glob finds nothing here; this ignore can go']],
    ['=image/platform -- a', []],
    [
      's=network/deprecated-mode -- a',
      ['this comment ignores nothing; write bacalhau-preflight ignore=RULE -- REASON'],
    ],
    [' network/deprecated-mode -- a', ['this comment ignores nothing; write bacalhau-preflight ignore=RULE -- REASON']],
  ])('ignore%s is told: %j', async (rest, expected) => {
    expect(notesOf(await checked(JOB.replace('Full', `Full # bacalhau-preflight ignore${rest}`)))).toEqual(expected);
  });

  test('never throws, and lies in the text', () => {
    const part = fc.constantFrom(
      '# bacalhau-preflight ignore=a/b -- c',
      '\n',
      '  ',
      'key: ',
      '|',
      '"',
      "'",
      '{',
      '- ',
      '\r\n',
      '\t',
      'x',
      '\ufeff',
      '---\n',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.constantFrom('job', 'dockerfile'), (parts, kind) => {
        const text = parts.join('');
        for (const { at } of ignoreComments(kind, sourceText('a', text))) {
          expect(text.slice(at.span.start, at.span.end)).toMatch(/^#.*bacalhau-preflight ignore/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a baseline', () => {
  const same = (path: string): string => path;

  test('knows its findings when lines move, and no others', async () => {
    const baseline = parseBaseline(baselineText(baselineOf([await checked(JOB)], same))) ?? [];
    expect(baseline.length).toBeGreaterThan(1);
    const moved = await checked(`# a line\n\n${JOB}`, baselineSuppressor(baseline, 'job.yaml'));
    expect([idsOf(moved), moved.verdict]).toEqual([[], 'ok']);
    const other = await checked(
      JOB.replace('acme/count:latest', 'acme/other:latest'),
      baselineSuppressor(baseline, 'job.yaml'),
    );
    expect(idsOf(other)).toContain('image/moving-tag');
    expect(idsOf(await checked(JOB, baselineSuppressor(baseline, 'other.yaml'))).length).toBeGreaterThan(0);
  });

  test('counts: a second finding of the kind is news', async () => {
    const env = 'Env: { a: x }';
    const one = `${JOB}    ${env}\n`;
    const baseline = baselineOf([await checked(one)], same).map((entry) => ({ ...entry, count: 1 }));
    const report = await checked(one.replace('a: x', 'a: x, b: x'), baselineSuppressor(baseline, 'job.yaml'));
    expect(idsOf(report)).toEqual(['job/bad-value']);
  });

  test('tells entries that match nothing, but not of rules that could not look', async () => {
    const report = await checked(JOB);
    const [entry] = baselineOf([report], same);
    if (entry === undefined) throw new Error('no entry');
    const gone = { ...entry, rule: 'input/s3-glob', content: 'x' };
    const unsure = { ...entry, rule: 'image/platform', content: 'x' };
    const elsewhere = { ...gone, path: 'not-checked.yaml' };
    const unknown = { ...gone, rule: 'input/renamed' };
    const off = (ids: readonly string[]): SubjectReport => ({ ...report, settledRules: new Set(ids) });
    const ids = new Set(rules.map(({ id }) => id));
    expect(unusedEntries([entry, gone, unsure, elsewhere], [report], same, ids)).toEqual([gone]);
    expect(unusedEntries([gone, unknown], [off([])], same, ids)).toEqual([unknown]);
    expect(unusedEntries([gone], [report, off([])], same, ids)).toEqual([]);
    const keep = { pathOf: same, isThere: () => true, ruleIds: ids };
    expect(keptEntries([entry, gone, unsure, elsewhere, unknown], [report], keep)).toEqual([unsure, elsewhere]);
    expect(keptEntries([gone, elsewhere], [off([])], { ...keep, isThere: () => false })).toEqual([gone]);
  });

  test('is the same whatever the order of what was found, and takes equal entries together', async () => {
    const entries = baselineOf([await checked(JOB)], same);
    expect(baselineText(entries.toReversed())).toBe(baselineText(entries));
    const [entry] = entries;
    if (entry === undefined) throw new Error('no entry');
    expect(byPath([entry, { ...entry, path: 'b' }, entry]).get(entry.path)).toEqual([entry, entry]);
    const text = baselineText(entries);
    expect(parseBaseline(`\ufeff${text}`)).toEqual(parseBaseline(text));
  });

  test.each([
    '',
    '{}',
    '[]',
    '{"version":2,"findings":[]}',
    '{"version":1,"findings":[{}]}',
    '{"version":1,"findings":[null]}',
  ])('%j is none', (text) => {
    expect(parseBaseline(text)).toBeUndefined();
  });
});
