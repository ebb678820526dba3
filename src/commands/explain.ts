import rules from '../../rules/index.js';
import { explainRule } from '../report/explain.js';
import { nearest } from '../text/nearest.js';
import { Args, PreflightCommand, UsageError } from './core.js';

export default class Explain extends PreflightCommand {
  static override summary = 'Say what a rule finds, why Bacalhau does it, and what to do.';
  static override examples = ['<%= config.bin %> explain image/platform'];
  static override args = {
    rule: Args.string({ required: true, ignoreStdin: true, description: 'id of a rule, as `rules` lists it' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Explain);
    const rule = rules.find(({ id }) => id === args.rule) ?? rules.find(({ id }) => id.endsWith(`/${args.rule}`));
    if (rule === undefined) {
      const meant = nearest(
        args.rule,
        rules.map(({ id }) => id),
      );
      throw new UsageError(
        `there is no rule ${args.rule}${meant === undefined ? '; bacalhau-preflight rules lists them' : `; did you mean ${meant}?`}`,
      );
    }
    process.stdout.write(explainRule(rule));
  }
}
