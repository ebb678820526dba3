import { describe, expect, test } from '@jest/globals';
import rules from '../../rules/index.js';
import { meets, runExample, underlined } from '../kit/example.js';

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_id, rule) => {
  test('has what docs and explain are made of', () => {
    expect(rule.id).toMatch(/^[a-z0-9]+\/[a-z0-9-]+$/);
    expect(rule.title).toMatch(/^[^\n]{10,80}$/);
    expect(rule.title).not.toMatch(/\.$/);
    expect(rule.why.length).toBeGreaterThan(60);
    expect(rule.remedy.length).toBeGreaterThan(10);
    expect(rule.examples.bad.length).toBeGreaterThan(0);
    expect(rule.examples.good.length).toBeGreaterThan(0);
  });

  test.each(rule.examples.bad.map((example, i) => [example.title ?? `bad ${String(i + 1)}`, example] as const))(
    'finds: %s',
    async (_title, example) => {
      const report = await runExample(rule, example);
      const got = report.findings.map((finding, i) => ({
        stage: finding.stage,
        severity: finding.severity,
        confidence: finding.confidence,
        at: underlined(report, i),
        message: finding.message,
      }));
      if (!meets(report, example.expect)) expect(got).toContainEqual(expect.objectContaining(example.expect));
      for (const { at } of report.findings) {
        expect(at.span.start).toBeGreaterThanOrEqual(0);
        expect(at.span.end).toBeGreaterThanOrEqual(at.span.start);
        expect(at.span.end).toBeLessThanOrEqual(report.source.text.length);
      }
    },
  );

  test.each(rule.examples.good.map((example, i) => [example.title ?? `good ${String(i + 1)}`, example] as const))(
    'is silent: %s',
    async (_title, example) => {
      const report = await runExample(rule, example);
      expect(report.findings.map(({ message }) => message)).toEqual([]);
    },
  );
});
