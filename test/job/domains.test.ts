import { describe, expect, test } from '@jest/globals';
import { domainCovers, uselessDomain } from '../../src/job/domains.js';

describe('uselessDomain', () => {
  test.each([
    ['https://example.com/path', 'example.com', 'a scheme and a path'],
    ['http://example.com/', 'example.com', 'a scheme'],
    ['example.com/', 'example.com', 'a path'],
    ['example.com:443', 'example.com', 'a port'],
    ['*.example.com', '.example.com', 'a *'],
    ['https://a.example.com:8080', 'a.example.com', 'a scheme and a port'],
  ])('%s means %s', (domain, meant, because) => {
    expect(uselessDomain(domain)).toEqual({ because, meant });
  });

  test.each([
    'example.com',
    '.example.com',
    '10.0.0.1',
    'fd00::1:80',
    'https://10.0.0.1:8080',
    'https://Example.com',
    'localhost:80',
    '',
    '*',
  ])('has nothing to say of %s', (domain) => {
    expect(uselessDomain(domain)).toBeUndefined();
  });
});

describe('domainCovers', () => {
  test.each([
    ['example.com', 'example.com', true],
    ['example.com', 'www.example.com', false],
    ['.example.com', 'www.example.com', true],
    ['.example.com', 'example.com', true],
    ['.example.com', 'badexample.com', false],
    ['*.example.com', 'www.example.com', true],
    ['https://example.com/x', 'example.com', true],
    ['10.0.0.1', '10.0.0.1', true],
    ['{{.Domain}}', 'example.com', true],
  ])('%s lets %s through: %s', (domain, host, covered) => {
    expect(domainCovers(domain, host)).toBe(covered);
  });
});
