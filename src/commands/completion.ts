import rules from '../../rules/index.js';
import Check from './check.js';
import { Args, PreflightCommand } from './core.js';
import DryRun from './dry-run.js';
import Explain from './explain.js';
import Init from './init.js';
import Inspect from './inspect.js';
import Rules from './rules.js';
import Schema from './schema.js';
import type { CompletedCommand, CompletedFlag } from './completion-scripts.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export default class Completion extends PreflightCommand {
  static override summary = 'Print a script that completes commands, flags and their values in a shell.';
  static override examples = [
    'source <(<%= config.bin %> completion bash)',
    '<%= config.bin %> completion zsh > "${fpath[1]}/_bacalhau-preflight"',
    '<%= config.bin %> completion fish > ~/.config/fish/completions/bacalhau-preflight.fish',
  ];
  static override args = {
    shell: Args.string({ ignoreStdin: true, required: true, options: SHELLS, description: 'shell to complete in' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    const { bashScript, fishScript, zshScript } = await import('./completion-scripts.js');
    const script = { bash: bashScript, zsh: zshScript, fish: fishScript }[args.shell as (typeof SHELLS)[number]];
    process.stdout.write(script(completedCommands()));
  }
}

/** What oclif knows of a flag, as far as it is completed. */
interface DefinedFlag {
  readonly type: 'boolean' | 'option';
  readonly description?: string | undefined;
  readonly options?: readonly string[] | undefined;
  readonly helpValue?: string | string[] | undefined;
}

function completedCommands(): CompletedCommand[] {
  const ruleIds = rules.map(({ id }) => id);
  const others = {
    check: Check,
    'dry-run': DryRun,
    explain: Explain,
    init: Init,
    inspect: Inspect,
    rules: Rules,
    schema: Schema,
  };
  return [
    ...Object.entries(others).map(([name, { summary, flags }]) => ({
      name,
      summary,
      words: name === 'explain' ? ruleIds : [],
      flags: completedFlags({ ...flags }), // commands without flags have none, whatever oclif's types say
    })),
    { name: 'completion', summary: Completion.summary, words: SHELLS, flags: [] },
  ];
}

function completedFlags(flags: Readonly<Record<string, DefinedFlag>>): CompletedFlag[] {
  return Object.entries(flags).map(([name, { type, description = '', options = [], helpValue = 'value' }]) => ({
    name,
    description,
    value: type === 'option' ? [helpValue].flat()[0] : undefined,
    options,
  }));
}
