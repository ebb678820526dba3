import { Command } from '@oclif/core/command';

// Only these parts of oclif are loaded: its index would pull in three times as many modules at every start.
export * as Args from '@oclif/core/args';
export * as Flags from '@oclif/core/flags';

/** What every command is: an oclif command that can also be started without oclif's own start-up. */
export abstract class PreflightCommand extends Command {
  /**
   * Runs the command. oclif's `run` first reads package.json, looks for plugins and loads a theme and a shell name,
   * which costs as much as Node's own start and gives nothing to a command line without plugins.
   */
  async start(): Promise<void> {
    await this._run();
  }

  abstract override run(): Promise<void>;
}

/** A mistake in how the tool was called: one line on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
