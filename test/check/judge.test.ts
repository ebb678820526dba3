import { describe, expect, test } from '@jest/globals';
import { judge } from '../../src/check/judge.js';
import { defineRule, type Rule, type RuleContext, type RuleFinding } from '../../src/check/rule.js';
import { exitCode } from '../../src/check/exit-code.js';
import type { SubjectReport } from '../../src/check/finding.js';
import { builtInTarget } from '../../src/target/built-in.js';
import { sourceText } from '../../src/text/source.js';

const context: RuleContext = {
  kind: 'image',
  source: sourceText('acme/x:1', 'acme/x:1'),
  target: builtInTarget(),
  now: 0,
  deep: false,
  facts: {},
};

function rule(id: string, findings: readonly Partial<RuleFinding>[], more: Partial<Rule> = {}): Rule {
  return defineRule({
    id,
    stage: 'node',
    severity: 'error',
    title: 'a rule of this test',
    why: '',
    remedy: 'general remedy',
    examples: { bad: [], good: [] },
    check: () => findings.map((finding) => ({ at: { span: { start: 0, end: 1 } }, message: id, ...finding })),
    ...more,
  });
}

describe('judge', () => {
  test('caps the confidence by the evidence, and never lets a guess be an error', () => {
    const { findings } = judge(
      [
        rule('a/shell', [{ evidence: 'shell' }]),
        rule('b/guess', [{ evidence: 'guess' }]),
        rule('c/spec', [{ evidence: 'spec' }]),
      ],
      context,
      {},
    );
    expect(findings.map(({ rule, confidence, severity }) => [rule, confidence, severity])).toEqual([
      ['a/shell', 'medium', 'error'],
      ['b/guess', 'low', 'warning'],
      ['c/spec', 'high', 'error'],
    ]);
  });

  test('orders by stage, then by place, then by rule', () => {
    const at = (start: number): RuleFinding['at'] => ({ span: { start, end: start } });
    const { findings } = judge(
      [
        rule('b/x', [{ at: at(5), stage: 'run' }, { at: at(9) }, { at: at(2) }]),
        rule('a/x', [{ at: at(2) }, { at: at(1), stage: 'client' }]),
      ],
      context,
      {},
    );
    expect(findings.map(({ rule, stage, at }) => `${stage} ${String(at.span.start)} ${rule}`)).toEqual([
      'client 1 a/x',
      'node 2 a/x',
      'node 2 b/x',
      'node 9 b/x',
      'run 5 b/x',
    ]);
  });

  test('a rule whose needed fact is missing is not run and is named', () => {
    const blind = rule('a/blind', [{}], { needs: () => ['image.platforms'] });
    expect(judge([blind], context, { 'image.platforms': 'offline' })).toEqual({
      findings: [],
      notChecked: [{ fact: 'image.platforms', reason: 'offline', rules: ['a/blind'] }],
      rulesRun: 0,
    });
  });

  test('a fact that is there for some inputs only is judged, and each reason for the others is told', () => {
    const probing = rule('a/probing', [{}], { needs: () => ['probe.url'] });
    const seen: RuleContext = { ...context, facts: { 'probe.url': new Map() } };
    const judged = judge([probing], seen, { 'probe.url': ['h answered 503', 'i answered 429'] });
    expect(judged.findings).toHaveLength(1);
    expect(judged.rulesRun).toBe(0);
    expect(judged.notChecked.map(({ fact, reason }) => `${fact}: ${reason}`)).toEqual([
      'probe.url: h answered 503',
      'probe.url: i answered 429',
    ]);
  });

  test('a rule that could have used a missing fact is not checked only when it found nothing', () => {
    const uses = (): ['image.config'] => ['image.config'];
    const missing = { 'image.config': 'offline' };
    expect(judge([rule('a/silent', [], { uses })], context, missing).notChecked).toHaveLength(1);
    const found = judge([rule('a/found', [{}], { uses })], context, missing);
    expect(found.notChecked).toEqual([]);
    expect(found.findings).toHaveLength(1);
  });

  test.each([
    [{ since: '1.9.4' }, 0],
    [{ since: '1.9' }, 1],
    [{ until: '1.8' }, 0],
    [{ until: '1.9' }, 1],
  ])('a rule for %j gives %i findings on the newest release', (range, count) => {
    expect(judge([rule('a/x', [{}], range)], context, {}).findings).toHaveLength(count);
  });
});

describe('exit codes', () => {
  const { source, target } = context;
  const base = { kind: 'job', source, target, verdict: 'ok', notChecked: [], rulesRun: 1 } as const;
  const finding = {
    rule: 'a/x',
    confidence: 'high',
    stage: 'node',
    message: '',
    remedy: '',
    at: { span: { start: 0, end: 0 } },
    related: [],
  } as const;
  const warned: SubjectReport = { ...base, findings: [{ ...finding, severity: 'warning' }] };
  const failed: SubjectReport = { ...base, findings: [{ ...finding, severity: 'error' }] };
  const unseen: SubjectReport = {
    ...base,
    findings: [],
    notChecked: [{ fact: 'image.config', reason: 'offline', rules: ['a/x'] }],
  };
  const plain = { failOn: 'error', strict: false, usageProblems: false } as const;

  test.each([
    ['nothing', [], plain, 0],
    ['a warning', [warned], plain, 0],
    ['a warning with --fail-on warning', [warned], { ...plain, failOn: 'warning' }, 1],
    ['an error', [failed], plain, 1],
    ['an error with --fail-on never', [failed], { ...plain, failOn: 'never' }, 0],
    ['something not checked', [unseen], plain, 0],
    ['something not checked with --strict', [unseen], { ...plain, strict: true }, 3],
    ['an error and something not checked with --strict', [failed, unseen], { ...plain, strict: true }, 1],
    ['a usage problem and an error', [failed], { ...plain, usageProblems: true }, 2],
  ] as const)('%s', (_name, reports, options, code) => expect(exitCode(reports, options)).toBe(code));
});
