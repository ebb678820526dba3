import { describe, expect, test } from '@jest/globals';
import { localPathAccess } from '../../src/target/local-paths.js';

describe('localPathAccess', () => {
  test.each([
    [['/srv/data'], '/srv/data', false, 'allowed'],
    [['/srv/data:ro'], '/srv/data', true, 'read-only'],
    [['/srv/data'], '/srv/data', true, 'read-only'],
    [['/srv/data', '/srv/*:rw'], '/srv/data', true, 'allowed'],
    [['/srv/*'], '/srv/data/a', false, 'refused'],
    [['/srv/**'], '/srv/data/a', false, 'allowed'],
    [['/srv/**'], '/srv', false, 'allowed'],
    [['/**/a'], '/srv/data/a', false, 'allowed'],
    [['/srv/d?ta*'], '/srv/data-2', false, 'allowed'],
    [['/srv/*a*b'], '/srv/xaxxbab', false, 'allowed'],
    [['/srv/{a,b}'], '/srv/a', false, 'unknown'],
    [['/srv/{a,b}', '/srv/a'], '/srv/a', true, 'read-only'],
    [[], '/srv', false, 'refused'],
  ] as const)('%j allows %s (write: %s)', (allowed, path, write, expected) => {
    expect(localPathAccess(allowed, path, write)).toBe(expected);
  });
});
