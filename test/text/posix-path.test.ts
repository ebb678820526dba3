import { expect, test } from '@jest/globals';
import { isAtOrBelow, resolvePath } from '../../src/text/posix-path.js';

test.each([
  ['/a', '/a', true],
  ['/a/b', '/a', true],
  ['/ab', '/a', false],
  ['/a', '/a/b', false],
  ['/a', '/', true],
])('isAtOrBelow(%s, %s)', (path, folder, expected) => {
  expect(isAtOrBelow(path, folder)).toBe(expected);
});

test.each([
  ['/a', 'b/../c', '/a/c'],
  ['/a', '/b//c/', '/b/c'],
  ['/', '../..', '/'],
])('resolvePath(%s, %s)', (base, path, expected) => {
  expect(resolvePath(base, path)).toBe(expected);
});
