import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newTag } from '../../src/image/new-tag.js';

describe('newTag', () => {
  test.each([
    ['1.4', '1.5'],
    ['v1.2.3', 'v1.2.4'],
    ['7', '8'],
    ['1.9', '1.10'],
    ['1.09', '1.10'],
    ['1.4-2', '1.4-3'],
    ['stable-2', 'stable-3'],
    ['latest', 'latest-2'],
    ['3.11-slim', '3.11-slim-2'],
    ['py311', 'py311-2'],
    ['2024.12.31', '2024.12.31-2'],
    ['20241231', '20241231-2'],
    ['9f8e7d6', '9f8e7d6-2'],
    ['99999999999999999999', '100000000000000000000'],
  ])('after %s comes %s', (tag, next) => {
    expect(newTag(tag)).toBe(next);
  });

  test('an image without a tag has latest', () => {
    expect(newTag(undefined)).toBe(newTag('latest'));
  });

  test('is a tag, and another one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/), (tag) => {
        const next = newTag(tag);
        expect(next).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/);
        expect(next).not.toBe(tag);
      }),
    );
  });
});
