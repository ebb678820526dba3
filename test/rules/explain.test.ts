import { describe, expect, test } from '@jest/globals';
import rules from '../../rules/index.js';
import { explainRule } from '../../src/report/explain.js';

describe.each(rules.map((rule) => [rule.id, rule] as const))('explain %s', (_, rule) => {
  const page = explainRule(rule, 80);
  const [text = '', bad = '', good = ''] = page.split(/^(?:Found|Not found) in$/m);

  test('keeps to the width, apart from its examples', () => {
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('shows a before and an after that a reader can tell apart', () => {
    expect(bad.trim()).not.toBe('');
    expect(good.trim()).not.toBe('');
    expect(exampleIn(good)).not.toBe(exampleIn(bad));
  });

  test('says of an error alone that a job ends there', () => {
    const ends = /refuse|fails|no node is ever chosen|the result is lost/.test(page.split('\n')[0] ?? '');
    expect(ends).toBe(rule.severity === 'error');
  });
});

/** An image that is checked alone and the same image in a command are one thing to a reader. */
function exampleIn(part: string): string {
  return part.replaceAll('bacalhau docker run ', '').trim();
}
