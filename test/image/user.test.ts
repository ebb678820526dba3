import { expect, test } from '@jest/globals';
import { isRootUser } from '../../src/image/user.js';

test.each([
  ['', true],
  ['root', true],
  ['0', true],
  ['0:0', true],
  ['root:wheel', true],
  [':1000', true],
  ['1000', false],
  ['app:0', false],
  ['10', false],
  ['rooty', false],
])('isRootUser(%j)', (user, expected) => {
  expect(isRootUser(user)).toBe(expected);
});
