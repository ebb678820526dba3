// Runs the tests, all or those that are named, on the other versions of Node that are maintained. Their binaries are npm
// packages, fetched into a temporary folder.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const VERSIONS = ['22', '24'];

const folder = mkdtempSync(join(tmpdir(), 'preflight-nodes-'));
try {
  for (const version of VERSIONS) {
    const bin = fetchNode(version);
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    const node = join(bin, 'node');
    process.stdout.write(`Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}: `);
    const { status } = spawnSync(node, ['scripts/test.mjs', ...process.argv.slice(2)], { stdio: 'inherit', env });
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Gives the folder with the program. */
function fetchNode(version) {
  const into = join(folder, version);
  mkdirSync(into);
  const name = `node-${process.platform}-${process.arch}@${version}`;
  execFileSync('npm', ['pack', '--silent', '--pack-destination', into, name], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  execFileSync('tar', ['-xzf', ...readdirSync(into)], { cwd: into });
  return join(into, 'package', 'bin');
}
