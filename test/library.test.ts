import { describe, expect, test } from '@jest/globals';
import { check, defineRule, reportAs, rules, type Input, type Options } from '../src/index.js';

// The face that programs see, also of those whose compiler does not look.

const TEXT =
  'Name: count\nType: batch\nTasks:\n  - Name: main\n    Engine: { Type: docker, Params: { Image: Ubuntu } }\n';
const INPUT: Input = { kind: 'job', text: TEXT };

/** What a caller without types hands over. */
const untyped = (json: string): never => JSON.parse(json) as never;

describe('check', () => {
  test.each([
    ['{}', 'check takes a list of inputs'],
    ['[{"kind":"jobb","text":""}]', 'input 0: kind is one of job, command, dockerfile, image'],
    ['[{"kind":"job","text":""},{"kind":"job"}]', 'input 1: text is a text, not bytes'],
    ['[null]', 'input 0: expected { kind, text, path? }'],
    ['[{"kind":"job","text":"","path":5}]', 'input 0: path is a text'],
  ])('%s rejects with a TypeError', async (inputs, message) => {
    await expect(check(untyped(inputs))).rejects.toThrow(new RegExp(message.replace(/[{}?]/g, '\\$&')));
    await expect(check(untyped(inputs))).rejects.toBeInstanceOf(TypeError);
  });

  test.each([
    ['[]', 'options are an object'],
    ['{"target":1.9}', 'target is a release as a text'],
    ['{"target":{}}', 'target is a release as a text'],
    ['{"platforms":"linux/amd64"}', 'platforms is a list of texts'],
    ['{"rules":[{}]}', 'rules is a list of rules'],
    ['{"variables":{"a":5}}', 'variables maps names to texts'],
  ])('options %s reject with a TypeError', async (options, message) => {
    await expect(check([INPUT], untyped(options))).rejects.toThrow(message);
    await expect(check([INPUT], untyped(options))).rejects.toBeInstanceOf(TypeError);
  });

  test.each<[Options, string]>([
    [{ target: '9.9' }, 'there is no Bacalhau release 9.9'],
    [{ platforms: ['amd64'] }, 'amd64 is no platform'],
  ])('options %j reject with a RangeError', async (options, message) => {
    await expect(check([INPUT], options)).rejects.toThrow(message);
    await expect(check([INPUT], options)).rejects.toBeInstanceOf(RangeError);
  });

  test('two at a time do not touch each other', async () => {
    const alone = await check([INPUT], { target: '1.6', platforms: ['linux/arm64'] });
    const [one, other] = await Promise.all([
      check([INPUT], { target: '1.6', platforms: ['linux/arm64'] }),
      check([INPUT, INPUT], { target: '1.9' }),
    ]);
    expect(one).toEqual(alone);
    expect(other.map(({ target }) => target.platforms)).toEqual([['linux/amd64'], ['linux/amd64']]);
  });

  test('what a rule throws comes through', async () => {
    const rule = defineRule({
      id: 'team/throws',
      stage: 'client',
      severity: 'error',
      title: 'x',
      why: 'x',
      remedy: 'x',
      examples: { bad: [], good: [] },
      check: () => {
        throw new Error('odd job');
      },
    });
    await expect(check([INPUT], { rules: [...rules, rule] })).rejects.toThrow('odd job');
  });
});

test('reportAs rejects for a form that is none', async () => {
  await expect(reportAs(untyped('"xml"'), await check([INPUT]))).rejects.toThrow('there is no form xml: pretty, json');
});
