import { expect, test } from '@jest/globals';
import { builtInTarget } from '../../src/target/built-in.js';
import { startsWrongPlatform, whyNewTag } from '../../src/target/platform-check.js';

test.each([
  ['docker', '1.6.4', false],
  [undefined, '1.6.4', false],
  ['Docker', '1.6.4', true],
  ['Docker', '1.6.5', false],
])('engine type %s on %s', (type, release, starts) => {
  expect(startsWrongPlatform(type, builtInTarget(release))).toBe(starts);
});

test('what nodes remember of a tag depends on the release', () => {
  expect(whyNewTag(builtInTarget('1.6.4'))).toContain('keep the image');
  expect(whyNewTag(builtInTarget('1.6.5'))).toContain('an hour');
});
