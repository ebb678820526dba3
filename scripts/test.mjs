// Runs jest and closes with one plain line that says how many tests there were.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const report = join(mkdtempSync(join(tmpdir(), 'preflight-test-')), 'jest.json');
const { NODE_EXTRA_CA_CERTS: certificates, ...env } = process.env; // costs every spawned Node 30 ms
// Only npm needs them, for its registry.
if (certificates !== undefined) env.npm_config_cafile ??= certificates;
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '--json',
    `--outputFile=${report}`,
    // A test that leaves something open fails to end; the run must end all the same.
    '--forceExit',
    ...process.argv.slice(2),
  ],
  { stdio: ['ignore', 'ignore', 'inherit'], env },
);
try {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`);
  process.exitCode = status === 0 && numFailedTests === 0 && numPassedTests > 0 ? 0 : 1;
} catch {
  process.stdout.write('the tests did not run\n');
  process.exitCode = 1;
}
