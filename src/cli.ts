import { Config } from '@oclif/core/config';
import Check from './commands/check.js';
import Completion from './commands/completion.js';
import DryRun from './commands/dry-run.js';
import Explain from './commands/explain.js';
import Init from './commands/init.js';
import Inspect from './commands/inspect.js';
import Rules from './commands/rules.js';
import Schema from './commands/schema.js';
import { EXIT } from './check/exit-code.js';
import { UsageError } from './commands/core.js';
import { outliveReaders } from './commands/standard-streams.js';
import { escapeForTerminal } from './report/escape.js';
import { nearest } from './text/nearest.js';
import { version } from './version.js';

/** The commands, by name; package.json names this export to oclif. */
export const COMMANDS = {
  check: Check,
  completion: Completion,
  'dry-run': DryRun,
  explain: Explain,
  init: Init,
  inspect: Inspect,
  rules: Rules,
  schema: Schema,
};

/**
 * Runs the command line and sets the exit code. Never throws: mistakes in the call end in one line and exit code 2,
 * everything else is a bug of ours and ends in exit code 70.
 *
 * @param argv words after the program's name
 * @param root folder of the package
 */
export async function main(argv: readonly string[], root: string): Promise<void> {
  outliveReaders();
  try {
    const [name, ...rest] = argv;
    const command = name === undefined || wantsHelp(rest) ? undefined : commandNamed(name);
    if (command === undefined) await runOclif(argv, root);
    else await new command(rest, configWithoutPlugins(root)).start();
  } catch (error) {
    process.exitCode = tell(error, argv[0]);
  }
}

function commandNamed(name: string): (typeof COMMANDS)[keyof typeof COMMANDS] | undefined {
  return Object.entries(COMMANDS).find(([known]) => known === name)?.[1];
}

/** An oclif config as a command needs it to parse its flags: there are no plugins, so there are no hooks to run. */
function configWithoutPlugins(root: string): Config {
  const config = new Config({ root });
  config.runHook = () => Promise.resolve({ failures: [], successes: [] });
  return config;
}

function wantsHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).includes('--help');
}

/** Help, version, and names that are no command: all that oclif does around commands, loaded only here. */
async function runOclif(argv: readonly string[], root: string): Promise<void> {
  const [name] = argv;
  if (name !== undefined && !name.startsWith('-') && name !== 'help' && commandNamed(name) === undefined) {
    const meant = nearest(name, Object.keys(COMMANDS));
    throw new UsageError(
      `${name} is no command; ${meant === undefined ? 'bacalhau-preflight --help lists them' : `did you mean ${meant}?`}`,
    );
  }
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv];
  const { run } = await import('@oclif/core/run');
  const { flush } = await import('@oclif/core/flush');
  await run(words, { root });
  await flush();
}

function tell(error: unknown, name: string | undefined): number {
  const exit = exitOf(error);
  if (exit === EXIT.clean) return EXIT.clean; // --help and --version leave by an error
  const message = error instanceof Error ? error.message : String(error);
  if (exit !== undefined || error instanceof UsageError) {
    process.stderr.write(`${withNearestFlag(firstLine(message), name)}\n`);
    return EXIT.usage;
  }
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : message;
  process.stderr.write(
    [
      'bacalhau-preflight hit a bug of its own; nothing can be said about what was checked.',
      `Please report it with the command that was run, and this: ${version}, node ${process.version}`,
      process.env.BACALHAU_PREFLIGHT_DEBUG === undefined
        ? `${firstLine(message)} (set BACALHAU_PREFLIGHT_DEBUG=1 for the whole trace)`
        : stack,
      '',
    ].join('\n'),
  );
  return EXIT.bug;
}

/** oclif names the flag that does not exist; what was meant is usually near, or stands in another command. */
function withNearestFlag(message: string, name: string | undefined): string {
  const flag = /^Nonexistent flag: --([\w-]+)$/.exec(message)?.[1];
  if (flag === undefined) return message;
  const own = name === undefined ? undefined : commandNamed(name);
  const known = own === undefined ? Object.values(COMMANDS).flatMap(flagsOf) : flagsOf(own);
  const meant = nearest(flag, known);
  if (meant !== undefined) return `there is no flag --${flag}; did you mean --${meant}?`;
  const others = Object.entries(COMMANDS).flatMap(([other, command]) => (flagsOf(command).includes(flag) ? other : []));
  return others.length === 0
    ? `there is no flag --${flag}; --help lists them`
    : `${name ?? 'this'} has no flag --${flag}; ${others.join(', ')} ${others.length === 1 ? 'has' : 'have'} one`;
}

/** Commands without flags have none, whatever oclif's types say. */
function flagsOf(command: (typeof COMMANDS)[keyof typeof COMMANDS]): string[] {
  return Object.keys({ ...command.flags });
}

/** The exit code that an error of oclif asks for; undefined for every other error. */
function exitOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('oclif' in error)) return undefined;
  const { oclif } = error;
  if (typeof oclif !== 'object' || oclif === null || !('exit' in oclif)) return undefined;
  return typeof oclif.exit === 'number' ? oclif.exit : undefined;
}

/** The first line of a message, with the second where the first only announces it: `Missing 1 required arg:`. */
function firstLine(text: string): string {
  const [first = '', second = ''] = text.split('\n').filter((part) => part.trim() !== '');
  const line = first.trimEnd().endsWith(':') ? `${first.trim()} ${second.trim()}` : first;
  return escapeForTerminal(line.trim());
}
