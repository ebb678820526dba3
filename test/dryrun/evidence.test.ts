import { describe, expect, test } from '@jest/globals';
import { hostname } from 'node:os';
import fc from 'fast-check';
import { startCapture } from '../../src/dryrun/capture.js';
import { engineFailure } from '../../src/dryrun/evidence.js';
import { frames } from '../../src/dryrun/frames.js';
import { domainMatches } from '../../src/dryrun/gateway.js';
import { isLeftBehind, labelsOf } from '../../src/dryrun/labels.js';
import { leftOutside } from '../../src/dryrun/lost-files.js';
import { signsIn } from '../../src/dryrun/signs.js';
import { failureInOutput, startFailure } from '../../src/dryrun/start-failure.js';

describe('why a container does not start', () => {
  test.each([
    ['(HTTP code 400) unexpected - No command specified ', 'no-command', undefined],
    ['exec: "foo": executable file not found in $PATH: unknown', 'not-found', 'foo'],
    ['exec: "/x": stat /x: no such file or directory: unknown', 'not-found', '/x'],
    ['exec: "/x": permission denied: unknown', 'not-executable', '/x'],
    ['exec /x.sh: exec format error', 'exec-format', undefined],
    ['standard_init_linux.go:228: exec user process caused: exec format error', 'exec-format', undefined],
    ['exec /x.sh: no such file or directory', 'no-interpreter', '/x.sh'],
    ['unable to find user app: no matching entries in passwd file', 'no-such-user', 'app'],
    ['Cannot mkdir: /a is not a directory', 'working-dir', '/a'],
    ['error mounting "/v" to rootfs at "/app": mount: not a directory', 'mount', '/app'],
    ['Duplicate mount point: /a', 'mount', '/a'],
    ['Minimum memory limit allowed is 6MB', 'memory', undefined],
  ])('%s', (said, cause, about) => {
    const failure = startFailure(said);
    expect(failure?.cause).toBe(cause);
    expect(failure?.about).toBe(about);
  });

  test.each(['no space left on device', 'cgroups: cannot find cgroup mount destination', ''])(
    '%j is the trouble of the engine',
    (said) => expect(startFailure(said)).toBeUndefined(),
  );

  test('which is told in its own words', () => {
    const refusal = new Error('(HTTP code 500) server error - no space left on device ');
    expect(() => engineFailure(refusal)).toThrow(
      /^the Docker engine did not start the container: no space left on device$/,
    );
  });

  test('a program may print such words itself', () => {
    expect(failureInOutput(0, 'exec /x: exec format error')).toBeUndefined();
    expect(failureInOutput(1, 'starting\nexec /x: exec format error')).toBeUndefined();
    expect(failureInOutput(1, 'exec /x: exec format error\n')?.cause).toBe('exec-format');
  });
});

test('frames come through however the stream is cut', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 50 });
  const channel = fc.constantFrom('stdout' as const, 'stderr' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(channel, text)), fc.integer({ min: 1, max: 20 }), async (parts, step) => {
      const whole = Buffer.concat(
        parts.map(([name, content]) => {
          const bytes = Buffer.from(content);
          const header = Buffer.alloc(8);
          header[0] = name === 'stderr' ? 2 : 1;
          header.writeUInt32BE(bytes.length, 4);
          return Buffer.concat([header, bytes]);
        }),
      );
      const got = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
      for await (const frame of frames(chunks(whole, step))) {
        got[frame.channel] = Buffer.concat([got[frame.channel], frame.bytes]);
      }
      for (const name of ['stdout', 'stderr'] as const) {
        const wanted = parts.filter(([each]) => each === name).map(([, content]) => Buffer.from(content));
        expect(got[name].equals(Buffer.concat(wanted))).toBe(true);
      }
    }),
  );
});

async function* chunks(whole: Buffer, step: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < whole.length; at += step) yield await Promise.resolve(whole.subarray(at, at + step));
}

test('a capture is cut where a node cuts it, and keeps both ends for a look', () => {
  const capture = startCapture(undefined, 10);
  capture.take(Buffer.from('123456'));
  expect(capture.result()).toEqual({ bytes: 6, cut: false });
  capture.take(Buffer.from('7890AB'));
  expect(capture.result()).toEqual({ bytes: 10, cut: true });
  expect(capture.text()).toBe('1234567890');
  const long = startCapture();
  long.take(Buffer.from(`first${'.'.repeat(300_000)}last`));
  expect(long.text()).toMatch(/^first.*\n.*last$/s);
  expect(long.text().length).toBeLessThan(140_000);
});

test.each([
  ['example.org', 'example.org', true],
  ['example.org', 'www.example.org', false],
  ['.example.org', 'www.example.org', true],
  ['.example.org', 'example.org', true],
  ['.example.org', 'badexample.org', false],
  ['https://example.org', 'example.org', false],
  ['*.example.org', 'www.example.org', false],
])('the domain %s lets %s through: %s', (domain, host, expected) => expect(domainMatches(domain, host)).toBe(expected));

test('what a program leaves outside, without mounts, caches and the system', () => {
  const added = (path: string): { path: string; kind: number } => ({ path, kind: 1 });
  const changes = [
    ...['/out', '/out/a', '/data', '/data/in', '/tmp/x', '/root/.cache/y', '/app/__pycache__/m.pyc'].map(added),
    { path: '/app', kind: 0 },
    { path: '/gone', kind: 2 },
  ];
  expect(leftOutside(changes, ['/data/in'])).toEqual(['/out', '/out/a']);
});

test.each([
  ['curl: (6) Could not resolve host: a.org', 'network', 'a.org'],
  ["wget: bad address 'a.org'", 'network', 'a.org'],
  ['Error: getaddrinfo EAI_AGAIN registry.npmjs.org', 'network', 'registry.npmjs.org'],
  ['dial tcp: lookup a.org: no such host', 'network', 'a.org'],
  ["PermissionError: [Errno 13] Permission denied: '/outputs/a'", 'permission', '/outputs/a'],
  ["sh: can't create /data/b: Read-only file system", 'read-only', '/data/b'],
])('%s', (line, kind, about) => expect(signsIn(`fine\n${line}\n`)).toEqual([{ kind, line, about }]));

test('only what is ours, not kept, and of a process that is gone was left behind', () => {
  const mine = labelsOf('r', { keep: false, timeLimit: 600 });
  const now = Date.now();
  expect(isLeftBehind(mine, now)).toBe(false);
  expect(isLeftBehind({ ...mine, 'bacalhau-preflight.process': '999999999' }, now)).toBe(true);
  expect(
    isLeftBehind({ ...labelsOf('r', { keep: true, timeLimit: 600 }), 'bacalhau-preflight.process': '999999999' }, now),
  ).toBe(false);
  expect(isLeftBehind({ other: 'label' }, now)).toBe(false);
  const [pid = ''] = (mine['bacalhau-preflight.process'] ?? '').split('@');
  expect(isLeftBehind({ ...mine, 'bacalhau-preflight.process': `${pid}@1` }, now)).toBe(true);
  const elsewhere = { ...mine, 'bacalhau-preflight.host': 'another' };
  expect(isLeftBehind(elsewhere, now)).toBe(false);
  expect(isLeftBehind(elsewhere, now + 25 * 60 * 60 * 1000)).toBe(true);
  // Two machines of one name, or two systems of one machine, count their processes from 1 alike.
  const namesake = { ...mine, 'bacalhau-preflight.host': hostname(), 'bacalhau-preflight.process': '999999999' };
  expect(isLeftBehind(namesake, now)).toBe(false);
  const long = { ...labelsOf('r', { keep: false, timeLimit: 7 * 24 * 3600 }), 'bacalhau-preflight.host': 'another' };
  expect(isLeftBehind(long, now + 3 * 24 * 60 * 60 * 1000)).toBe(false);
});
