import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressKind } from '../../src/net/address.js';

describe('addressKind', () => {
  test.each([
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['2002:a9fe:a9fe::', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['0xa9fea9fe', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['::', 'loopback'],
    ['::1', 'loopback'],
    ['224.0.0.1', 'special'],
    ['255.255.255.255', 'special'],
    ['ff02::1', 'special'],
    ['2001:db8::1', 'special'],
    ['1.1.1.1', 'public'],
    ['2a00:1450:4001::8a', 'public'],
    ['example.com', undefined],
    ['1.2.3', 'public'],
    ['::g', undefined],
    ['', undefined],
  ])('%s is %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });

  test('an IPv4 address keeps its kind when mapped into IPv6', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => expect(addressKind(`::ffff:${address}`)).toBe(addressKind(address))));
  });

  test('every IPv6 address has a kind', () => {
    fc.assert(fc.property(fc.ipV6(), (address) => expect(addressKind(address)).toBeDefined()));
  });
});
