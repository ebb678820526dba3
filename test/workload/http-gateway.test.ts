import { expect, test } from '@jest/globals';
import { stoppedByGateway } from '../../src/workload/http-gateway.js';
import { outsideUses } from '../../src/workload/network-uses.js';
import type { NetworkUse, Origin } from '../../src/workload/workload.js';

function use(program: string, host: string | undefined, origin: Origin = 'exec', usesProxy = true): NetworkUse {
  const word = { text: `https://${host ?? '…'}/`, known: host !== undefined, origin, from: 'subject' } as const;
  return { word, origin, what: `${program} downloads`, program, usesProxy, ...(host === undefined ? {} : { host }) };
}

test('a host outside the domains is stopped, with all others at its first use', () => {
  const uses = [use('curl', 'a.example.com'), use('curl', 'example.org'), use('wget', 'b.example.com')];
  const [first, ...rest] = stoppedByGateway(uses, ['example.org']);
  expect(rest).toEqual([]);
  expect(first?.use).toBe(uses[0]);
  expect(first?.missing).toEqual(['a.example.com', 'b.example.com']);
});

test('a program that takes no notice of the proxy is stopped even at a listed host', () => {
  const uses = [use('ssh', 'example.org', 'exec', false)];
  expect(stoppedByGateway(uses, ['example.org']).map(({ reason }) => reason)).toEqual([
    'ssh ignores the proxy of network mode HTTP',
  ]);
});

test('a host that cannot be seen is not stopped, and without domains there is no gateway', () => {
  expect(stoppedByGateway([use('curl', undefined)], ['example.org'])).toEqual([]);
  expect(stoppedByGateway([use('curl', 'example.com')], [])).toEqual([]);
});

test('a guess is told only when nothing visible is', () => {
  const guess = use('python', 'guess.example.com', 'guess');
  const visible = use('curl', 'a.example.com', 'shell');
  expect(stoppedByGateway([guess, visible], ['example.org'])[0]?.missing).toEqual(['a.example.com']);
  expect(stoppedByGateway([guess], ['example.org'])[0]?.missing).toEqual(['guess.example.com']);
});

test("the container's own loopback is no network, and a word counts once for a program", () => {
  const uses = [
    use('curl', 'localhost'),
    use('curl', '127.0.0.1'),
    use('curl', 'example.org'),
    use('curl', 'example.org'),
    use('wget', 'example.org'),
  ];
  expect(outsideUses(uses).map(({ program }) => program)).toEqual(['curl', 'wget']);
});

test('hosts that a program asks by default are told beside those that are named, and only where they are not listed', () => {
  const pip: NetworkUse = { ...use('pip', undefined), usualHosts: ['pypi.org', 'files.pythonhosted.org'] };
  const shut = stoppedByGateway([pip, use('curl', 'a.example.com')], ['pypi.org']);
  expect(shut.map(({ missing, certain }) => [missing, certain])).toEqual([
    [['a.example.com'], true],
    [['files.pythonhosted.org'], false],
  ]);
  expect(stoppedByGateway([pip], ['pypi.org', '.pythonhosted.org'])).toEqual([]);
});
