import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runCli, type CliResult } from './cli.js';

/**
 * A scenario file: what a user has, types and sees. Sections begin with a line `==== NAME`:
 *
 * - text before the first section says what it is about
 * - `==== file PATH`: a file of the user's folder (repeatable)
 * - `==== stdin`, `==== env` (lines NAME=VALUE)
 * - `==== run`: the command line; words in double quotes stay together
 * - `==== stdout`, `==== stderr`: the exact output; a line between slashes is a regular expression;
 *   absent means empty for stderr and "not looked at" for stdout
 * - `==== exit`: the exit code
 *
 * `fixtures` in a command is a link to the project's fixtures folder.
 */
export interface Scenario {
  readonly about: string;
  readonly files: ReadonlyMap<string, string>;
  readonly run: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly stdout?: string;
  readonly stderr: string;
  readonly exit: number;
}

/** Reads a scenario; throws on a section it does not know, so that a typo cannot make a scenario empty. */
export function parseScenario(text: string): Scenario {
  const [about = '', ...parts] = text.split(/^==== /m);
  const files = new Map<string, string>();
  const sections = new Map<string, string>();
  for (const part of parts) {
    const newline = part.indexOf('\n');
    const name = part.slice(0, newline).trim();
    const body = part.slice(newline + 1);
    if (name.startsWith('file ')) files.set(name.slice(5), body);
    else if (['stdin', 'env', 'run', 'stdout', 'stderr', 'exit'].includes(name)) sections.set(name, body);
    else throw new Error(`unknown section ${name}`);
  }
  const run = sections.get('run')?.trim();
  const exit = sections.get('exit')?.trim();
  if (run === undefined || exit === undefined) throw new Error('a scenario needs the sections run and exit');
  const stdout = sections.get('stdout');
  return {
    about: about.trim(),
    files,
    run: Array.from(run.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? ''),
    env: Object.fromEntries((sections.get('env') ?? '').split('\n').filter(Boolean).map(assignment)),
    stdin: sections.get('stdin') ?? '',
    ...(stdout === undefined ? {} : { stdout }),
    stderr: sections.get('stderr') ?? '',
    exit: Number(exit),
  };
}

function assignment(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

/** Runs a scenario on the built CLI in a folder of its own. */
export async function runScenario(scenario: Scenario): Promise<CliResult> {
  const folder = mkdtempSync(join(tmpdir(), 'preflight-scenario-'));
  try {
    for (const [path, text] of scenario.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    symlinkSync(resolve('fixtures'), join(folder, 'fixtures'));
    return await runCli(scenario.run, { cwd: folder, env: scenario.env, stdin: scenario.stdin });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether output is what a scenario expects, line by line; how many rules were not checked grows with each new rule. */
export function outputMeets(expected: string, got: string): boolean {
  const wanted = linesOf(expected);
  const lines = linesOf(got);
  return (
    wanted.length === lines.length &&
    wanted.every((line, i) => {
      const pattern = /^\/(.*)\/$/.exec(line)?.[1];
      return pattern === undefined ? line === lines[i] : new RegExp(pattern).test(lines[i] ?? '');
    })
  );
}

function linesOf(text: string): string[] {
  return text
    .trimEnd()
    .replace(/· \d+(\s)rules/g, '· N$1rules')
    .split('\n');
}

/** Gives the scenario's text with the sections stdout, stderr and exit as they came out. */
export function withOutput(path: string, result: CliResult): string {
  const kept = readFileSync(path, 'utf8')
    .split(/^(?=={4} )/m)
    .filter((part) => !/^==== (stdout|stderr|exit)\n/.test(part))
    .join('');
  const section = (name: string, body: string): string => (body === '' ? '' : `==== ${name}\n${body.trimEnd()}\n`);
  return `${kept.trimEnd()}\n${section('stdout', result.stdout)}${section('stderr', result.stderr)}==== exit\n${String(result.code)}\n`;
}
