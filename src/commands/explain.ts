import rules from '../../rules/index.js';
import type { Rule } from '../check/rule.js';
import { explainRule } from '../report/explain.js';
import { nearest } from '../text/nearest.js';
import { MAX_FILE_BYTES, decode } from '../text/read-file.js';
import { Args, PreflightCommand, UsageError } from './core.js';
import { readStdin } from './stdin.js';

export default class Explain extends PreflightCommand {
  static override summary = 'Say what a rule finds, or what is behind an error text of Bacalhau.';
  static override description =
    'Of a rule: what it finds, why Bacalhau does it, and what to do. Of a text that was pasted from a terminal: the cause, the cure, and the rule that would have said it before.';
  static override examples = [
    '<%= config.bin %> explain image/platform',
    '<%= config.bin %> explain "this node does not support the available image platforms"',
    'bacalhau job describe JOB | <%= config.bin %> explain -',
  ];
  static override strict = false;
  static override args = {
    rule: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'id of a rule, an error text, or - for a text on standard input',
    }),
  };

  async run(): Promise<void> {
    const { argv } = await this.parse(Explain);
    const text = argv.map(String).join(' ').trim();
    if (text === '') throw new UsageError('explain what? Name a rule, give an error text, or - for standard input');
    const rule = text === '-' ? undefined : ruleNamed(text);
    if (rule !== undefined) {
      process.stdout.write(explainRule(rule));
      return;
    }
    const { recognise } = await import('../explain/recognise.js');
    const [best, ...others] = recognise(text === '-' ? await pastedText() : text);
    if (best === undefined) throw new UsageError(unknown(text));
    const { explainError } = await import('../report/explain-error.js');
    process.stdout.write(explainError([best, ...others]));
  }
}

function ruleNamed(name: string): Rule | undefined {
  return rules.find(({ id }) => id === name) ?? rules.find(({ id }) => id.endsWith(`/${name}`));
}

async function pastedText(): Promise<string> {
  const bytes = await readStdin();
  if (bytes.length > MAX_FILE_BYTES)
    throw new UsageError('standard input is larger than 1 MB; give the part that fails');
  const { text } = decode(bytes);
  if (text.trim() === '') throw new UsageError('there was nothing on standard input to explain');
  return text;
}

function unknown(text: string): string {
  if (!/^[a-z0-9-]+(?:\/[a-z0-9-]+)?$/.test(text)) {
    return 'this text is not known here; the messages of the executions may say more: bacalhau job executions JOB';
  }
  const meant = nearest(
    text,
    rules.map(({ id }) => id),
  );
  return `there is no rule ${text}${meant === undefined ? '; bacalhau-preflight rules lists them' : `; did you mean ${meant}?`}`;
}
