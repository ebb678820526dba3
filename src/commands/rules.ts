import rules from '../../rules/index.js';
import { PreflightCommand, Flags } from './core.js';

export default class Rules extends PreflightCommand {
  static override summary = 'List the rules.';
  static override description = 'One line a rule: id, severity, stage and what it finds.';
  static override examples = ['<%= config.bin %> rules', '<%= config.bin %> rules --format json'];
  static override flags = {
    format: Flags.option({
      options: ['pretty', 'json'] as const,
      default: 'pretty',
      description: 'form of the list',
    })(),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Rules);
    if (flags.format === 'json') {
      const list = rules.map(({ id, severity, stage, since, until, title, why, remedy }) => ({
        id,
        severity,
        stage,
        since,
        until,
        title,
        why,
        remedy,
      }));
      process.stdout.write(`${JSON.stringify(list, undefined, 2)}\n`);
      return;
    }
    const width = Math.max(...rules.map(({ id }) => id.length));
    for (const { id, severity, stage, title } of rules) {
      process.stdout.write(`${id.padEnd(width)}  ${severity.padEnd(7)}  ${stage.padEnd(12)}  ${title}\n`);
    }
  }
}
