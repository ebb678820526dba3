// Runs a TypeScript script of this folder: node scripts/run.mjs NAME [ARG…]. Bundled on the fly, because Node 20 runs no TypeScript.
import { build } from 'esbuild';
import { mkdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name, ...args] = process.argv.slice(2);
const outfile = `${root}node_modules/.cache/bacalhau-preflight/${name}.mjs`;
mkdirSync(`${root}node_modules/.cache/bacalhau-preflight`, { recursive: true });
await build({
  entryPoints: [`${root}scripts/${name}.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
process.argv = [process.argv[0], outfile, ...args];
process.chdir(root);
const { main } = await import(pathToFileURL(outfile));
process.exitCode = (await main(args)) ?? 0;
