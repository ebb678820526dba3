import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';

/** Runs the other integration tests where none of the programs that they need can be found. */
function runWithoutPrograms(env: Readonly<Record<string, string>>): { code: number | null; output: string } {
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  // Only what `describeWith` itself does is of interest, so no other test has this name.
  const args = ['--runInBand', '--testPathPatterns', 'test/integration/(check|image)-', '-t', 'has what it needs'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...jest, ...args], {
    env: { PATH: '/nowhere', ...env },
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

/** `root` is missing as well where the tests are not run by it. */
const REASONS = [
  'check with an open registry: needs docker-registry',
  'check with a registry that skopeo pushed to: needs docker-registry, skopeo',
  'check with a registry behind a token server: needs docker-registry',
  'check with a registry behind basic auth: needs docker-registry',
  'check with a Docker engine: needs (root, )?dockerd, docker-registry',
  'check with files that skopeo wrote: needs skopeo, docker-registry',
  'a Docker engine: needs (root, )?dockerd, docker-registry',
  'an open registry: needs docker-registry',
];

test('suites whose programs are missing are left out and say so', () => {
  const { code, output } = runWithoutPrograms({});
  for (const reason of REASONS) expect(output).toMatch(new RegExp(`^not run: ${reason}$`, 'm'));
  expect(output).not.toMatch(/\d+ failed/);
  expect(code).toBe(0);
}, 60_000);

test('in CI a missing program fails', () => {
  const { code, output } = runWithoutPrograms({ CI: 'true' });
  for (const reason of REASONS) expect(output).toMatch(new RegExp(`^ +${reason}$`, 'm'));
  expect(output).toMatch(/Tests: +\d+ failed/);
  expect(code).toBe(1);
}, 60_000);
