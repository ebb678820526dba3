import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTarget } from '../../src/target/read.js';
import { compareReleases, holdsFor, resolveRelease } from '../../src/target/release.js';

describe('releases', () => {
  test.each([
    ['1.6', '1.6.5'],
    ['v1.9', '1.9.3'],
    ['1.6.1', '1.6.1'],
    ['1.6.2', '1.6.2'],
    ['2.0', undefined],
    ['1.2', undefined],
    ['latest', undefined],
  ])('%s is %s', (text, release) => expect(resolveRelease(text)).toBe(release));

  test('are compared number by number', () => {
    expect(compareReleases('1.10.0', '1.9.3')).toBeGreaterThan(0);
    expect(compareReleases('1.6', '1.6.0')).toBe(0);
  });

  test.each([
    ['1.6.5', { until: '1.6' }, true],
    ['1.7.0', { until: '1.6' }, false],
    ['1.6.5', { until: '1.6.4' }, false],
    ['1.6.4', { since: '1.6.4' }, true],
    ['1.6.3', { since: '1.6.4' }, false],
    ['1.9.3', {}, true],
  ])('%s in %j: %s', (release, range, holds) => expect(holdsFor(release, range)).toBe(holds));
});

describe('targets', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'preflight-target-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (text: string): string => {
    const path = join(folder, 'target.yaml');
    writeFileSync(path, text);
    return path;
  };

  test('the newest release on linux/amd64 is the default', async () => {
    expect(await readTarget(undefined, [])).toMatchObject({
      ok: true,
      target: { bacalhau: '1.9.3', platforms: ['linux/amd64'], networkedJobs: 'yes', defaultNetwork: 'Default' },
    });
  });

  test('a release before 1.7 has no network by default', async () => {
    expect(await readTarget('1.6', ['linux/arm64'])).toMatchObject({
      ok: true,
      target: { bacalhau: '1.6.5', platforms: ['linux/arm64'], networkedJobs: 'unknown', defaultNetwork: 'None' },
    });
  });

  test('a file says what its nodes offer; what a list leaves out they do not', async () => {
    const path = file(
      'name: lab\nplatforms: [linux/arm64]\nnetworkedJobs: no\nsources: [s3]\nprivateRegistries: [registry.lab]\n',
    );
    const result = await readTarget(path, []);
    expect(result).toMatchObject({
      ok: true,
      target: { name: 'lab', platforms: ['linux/arm64'], networkedJobs: 'no', privateRegistries: ['registry.lab'] },
    });
    if (result.ok) expect(result.target.sources).toMatchObject({ s3: 'yes', ipfs: 'no', urldownload: 'no' });
  });

  test.each([
    ['platform: [a/b]\n', 'unknown key platform'],
    ['platforms: amd64\n', 'platforms: expected a list'],
    ['bacalhau: "3.0"\n', 'known releases'],
    ['networkedJobs: maybe\n', 'yes, no or unknown'],
    ['- a\n', 'expected a mapping'],
    ['a: [\n', 'target.yaml:2:1'],
  ])('%j is refused in one line', async (text, part) => {
    const result = await readTarget(file(text), []);
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining(part) });
    if (!result.ok) expect(result.message).not.toContain('\n');
  });

  test.each([
    ['9.9', []],
    ['no-such-file.yaml', []],
    ['1.9', ['amd64']],
  ])('--target %s --platform %j is refused', async (name, platforms) => {
    expect((await readTarget(name, platforms)).ok).toBe(false);
  });
});
