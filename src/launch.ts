// Becomes bin/run.js. It must stay small: all of it runs before anything useful does.
import { createRequire } from 'node:module';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

/** Put in by the build: the SHA-256 of dist/cli.cjs, so that a cache never outlives the code it was made of. */
declare const BUNDLE_HASH: string;
/** Put in by the build: the version in package.json. */
declare const VERSION: string;
/** The folder of this file; it is built as CommonJS. */
declare const __dirname: string;

interface Cli {
  readonly main: (argv: readonly string[], root: string) => Promise<void>;
}

/** The function that Node puts around the text of every CommonJS module. */
type ModuleFunction = (
  exports: object,
  require: NodeJS.Require,
  module: object,
  filename: string,
  folder: string,
) => void;

const root = join(__dirname, '..');
const bundlePath = join(root, 'dist', 'cli.cjs');
const argv = process.argv.slice(2);

if (argv.length === 1 && argv[0] === '--version') process.stdout.write(`bacalhau-preflight/${VERSION}\n`);
else void start();

async function start(): Promise<void> {
  const cachePath = cacheFile();
  const { cli, script, cached } = load(cachePath);
  await cli.main(argv, root);
  // Made after the run, so that it holds the functions that a run really compiles.
  if (cachePath !== undefined && !cached && process.exitCode !== 70) save(cachePath, script.createCachedData());
}

/**
 * Where V8's compiled code is kept: the cache folder of this user and nobody else. Code from there is run, so a
 * folder that others can write to is not used at all.
 */
function cacheFile(): string | undefined {
  if (process.env.BACALHAU_PREFLIGHT_NO_CODE_CACHE !== undefined) return undefined;
  try {
    const base = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
    const folder = join(base, 'bacalhau-preflight');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    if (process.getuid !== undefined && uid !== process.getuid()) return undefined;
    if ((mode & 0o077) !== 0) chmodSync(folder, 0o700);
    // One for each command: it holds the functions that the first run compiled, and `rules` compiles few of `check`.
    const [command = ''] = argv;
    const known = /^(?:check|dry-run|inspect)$/.test(command) ? command : 'other';
    return join(folder, `code-${BUNDLE_HASH.slice(0, 16)}-${process.version}-${process.arch}-${known}`);
  } catch {
    return undefined;
  }
}

/** Runs the bundle as a CommonJS module, from compiled code when there is some that V8 accepts. */
function load(cachePath: string | undefined): { cli: Cli; script: Script; cached: boolean } {
  const cachedData = cachePath === undefined ? undefined : readIfThere(cachePath);
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(bundlePath, 'latin1')}\n})`;
  const script = new Script(source, {
    filename: bundlePath,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module: { exports: Partial<Cli> } = { exports: {} };
  const define: unknown = script.runInThisContext();
  if (isModuleFunction(define)) {
    define(module.exports, createRequire(bundlePath), module, bundlePath, dirname(bundlePath));
  }
  const { main } = module.exports;
  if (main === undefined) throw new Error('dist/cli.cjs is not the bundle of this package; build it again');
  return { cli: { main }, script, cached: cachedData !== undefined && script.cachedDataRejected !== true };
}

function isModuleFunction(value: unknown): value is ModuleFunction {
  return typeof value === 'function';
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** A month in ms: every version that is run leaves a file here, and nobody else tidies up. */
const MOST_AGE = 30 * 24 * 60 * 60 * 1000;

function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith('code-') && Date.now() - statSync(path).mtimeMs > MOST_AGE) rmSync(path);
  }
}

/** Written beside and renamed, so that two processes at once, or a full disk, leave no half file. */
function save(file: string, data: Buffer): void {
  const temporary = `${file}.${String(process.pid)}`;
  try {
    writeFileSync(temporary, data, { mode: 0o600 });
    renameSync(temporary, file);
    removeOld(dirname(file));
  } catch {
    // the next start is slower, that is all
  }
}
