// Builds the package: dist/src and dist/rules (the library, with types), dist/cli.cjs (the CLI in one file), bin/run.js.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
rmSync('bin', { recursive: true, force: true });

/**
 * oclif loads these at every start and calls them only to find plugins and to print its own traces. Here each is loaded
 * when something of it is first read, which takes a fifth off the start.
 */
const lazy = {
  name: 'lazy',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:minimatch|tinyglobby|debug)$/ }, ({ path, namespace, resolveDir }) =>
      namespace === 'lazy' ? undefined : { path, namespace: 'lazy', pluginData: resolveDir },
    );
    onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path, pluginData: resolveDir }) => ({
      contents: path === 'debug' ? QUIET_DEBUG : lazyExports(path, resolveDir),
      resolveDir,
    }));
  },
};

/**
 * Of dockerode the CLI needs neither BuildKit's sessions (gRPC) nor ssh in JavaScript: it builds nothing, and starts the
 * user's own ssh. Loading the two takes longer than Node takes to start.
 */
const slimDockerode = {
  name: 'slim-dockerode',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](?:dockerode[\\/]lib[\\/]session|docker-modem[\\/]lib[\\/]ssh)\.js$/ }, ({ path }) => ({
      contents: `module.exports = () => { throw new Error(${JSON.stringify(`${basename(path)} is not in this bundle`)}); };`,
    }));
  },
};

const QUIET_DEBUG = `
const quiet = () => Object.assign(() => undefined, { enabled: false, extend: quiet });
module.exports = process.env.DEBUG === undefined ? quiet : require('debug');
`;

function lazyExports(path, folder) {
  const names = Object.keys(createRequire(`${folder}/`)(path)).map((name) => JSON.stringify(name));
  return names
    .map((name) => `Object.defineProperty(exports, ${name}, { get: () => require('${path}')[${name}] });`)
    .join('\n');
}

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
  // typescript: oclif would read tsconfig.json with it while developing. The others: heavy, loaded when used.
  external: ['typescript', 'ts-node', 'tsx', '@aws-sdk/client-s3', 're2js'],
  // `await import('./x.js')` of our own modules must stay inside the one file.
  supported: { 'dynamic-import': false },
  // The same code as modules that can be bundled in part; what Node would load is one CommonJS file for each class.
  alias: { yaml: './node_modules/yaml/browser/dist/index.js' },
  plugins: [lazy, slimDockerode],
});

// As ASCII the text is read and kept byte by byte. In regular expressions and templates esbuild leaves the rest as it is.
const bundle = readFileSync('dist/cli.cjs', 'utf8');
const escaped = bundle.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
writeFileSync('dist/cli.cjs', escaped);

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
  // The compiler copies package.json for the version in it; whole, it would stand for a package of its own.
  writeFileSync('dist/package.json', `${JSON.stringify({ type: 'module', version })}\n`);
}
