import { describe, expect, test } from '@jest/globals';
import { builtInTarget } from '../../src/target/built-in.js';
import { networkMode, outboundMode, takesNetworkedJobsByDefault } from '../../src/target/network.js';

describe('networkMode', () => {
  test.each([
    ['1.9.3', undefined, 'default'],
    ['1.6.5', undefined, 'none'],
    ['1.6.5', '', 'none'],
    ['1.9.3', 'FULL', 'host'],
    ['1.9.3', 'Host', 'host'],
    ['1.6.4', 'host', 'host'],
    ['1.6.1', 'Host', undefined],
    ['1.6.1', 'Bridge', undefined],
    ['1.6.5', 'Default', undefined],
    ['1.3.0', 'HTTP', 'http'],
    ['1.9.3', 'internet', undefined],
  ])('on %s, %s is %s', (release, type, mode) => {
    expect(networkMode(type, builtInTarget(release))).toBe(mode);
  });
});

test('the mode with outbound access has the name that the release knows', () => {
  expect(outboundMode(builtInTarget('1.6.1'))).toBe('Full');
  expect(outboundMode(builtInTarget('1.6.4'))).toBe('Bridge');
});

test('nodes take networked jobs by themselves since 1.7', () => {
  expect(takesNetworkedJobsByDefault(builtInTarget('1.6.5'))).toBe(false);
  expect(takesNetworkedJobsByDefault(builtInTarget('1.7.0'))).toBe(true);
});
