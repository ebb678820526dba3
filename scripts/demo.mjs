// Checks the bundled examples: a job that is ready and one that is not. No network and no Docker needed.
import { spawnSync } from 'node:child_process';

// `npm run demo | head` is no error.
process.stdout.on('error', () => process.exit());

const runs = [
  ['check', 'fixtures/demo/good.yaml', '--image', 'oci:fixtures/images/wordcount:1.5', '--offline'],
  ['check', 'fixtures/demo/bad.yaml', '--image', 'oci:fixtures/images/wordcount-arm64:1.4', '--offline'],
];
const expected = [0, 1];

for (const [index, args] of runs.entries()) {
  process.stdout.write(`${index === 0 ? '' : '\n'}$ bacalhau-preflight ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, ['bin/run.js', ...args], { stdio: 'inherit' });
  process.stdout.write(`(exit code ${String(status)})\n`);
  if (status !== expected[index]) process.exitCode = 1;
}
