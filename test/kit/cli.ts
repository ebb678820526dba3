import { afterAll } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What a run of the built CLI left behind. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  /** Added to an environment that holds PATH and nothing of the person or CI that runs the tests. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
}

/** The built CLI; `npm test` builds it first. */
export const BIN = resolve('bin/run.js');

const HOME = mkdtempSync(join(tmpdir(), 'preflight-home-'));
afterAll(() => rmSync(HOME, { recursive: true, force: true }));

/** Runs the built CLI in a clean environment: no CI, no colours, an empty home, no Docker engine unless `env` names one, no cache. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  if (!existsSync(BIN)) throw new Error('bin/run.js is not there: npm run build');
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: options.cwd ?? process.cwd(),
      env: {
        PATH: process.env.PATH ?? '',
        HOME,
        DOCKER_HOST: 'unix:///no-engine/docker.sock',
        BACALHAU_PREFLIGHT_NO_CACHE: '1',
        ...options.env,
      },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', fail);
    child.on('close', (code) =>
      done({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
    child.stdin.on('error', () => undefined); // the CLI may leave without reading it all
    child.stdin.end(options.stdin ?? '');
  });
}

/** A run of the built CLI that goes on. */
export interface StartedCli {
  /** Resolves when a text was printed on standard output. */
  readonly printed: (text: string) => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Closes the reading end of its standard output. */
  readonly closeOutput: () => void;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts the built CLI in the same environment as `runCli`, for tests that do something while it runs. */
export function startCli(args: readonly string[], options: CliOptions = {}): StartedCli {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: { PATH: process.env.PATH ?? '', HOME, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const changed = new Set<() => void>();
  const take = (chunk: Buffer): void => {
    text += chunk.toString();
    for (const tell of changed) tell();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (text.includes(wanted)) resolve();
        };
        changed.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended before it printed ${wanted}: ${text}`)));
      }),
    kill: (signal) => void child.kill(signal),
    closeOutput: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    ended,
  };
}
