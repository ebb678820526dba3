// Builds the package: dist/src and dist/rules (the library, with types), dist/cli.cjs (the CLI in one file), bin/run.js.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
rmSync('bin', { recursive: true, force: true });

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};

await build({
  ...common,
  entryPoints: ['src/cli.ts'],
  outfile: 'dist/cli.cjs',
  // typescript: oclif would read tsconfig.json with it while developing. dockerode: heavy, loaded when used.
  external: ['typescript', 'ts-node', 'tsx', 'dockerode'],
  // `await import('./x.js')` of our own modules must stay inside the one file.
  supported: { 'dynamic-import': false },
});

const bundleHash = createHash('sha256').update(readFileSync('dist/cli.cjs')).digest('hex');
mkdirSync('bin');
writeFileSync('bin/package.json', '{ "type": "commonjs" }\n');
await build({
  ...common,
  entryPoints: ['src/launch.ts'],
  outfile: 'bin/run.js',
  banner: { js: '#!/usr/bin/env node' },
  define: { BUNDLE_HASH: JSON.stringify(bundleHash), VERSION: JSON.stringify(version) },
});
chmodSync('bin/run.js', 0o755);

if (!process.argv.includes('--bundle-only')) {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
}
