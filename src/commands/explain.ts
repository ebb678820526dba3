import { existsSync } from 'node:fs';
import rules from '../../rules/index.js';
import type { Rule } from '../check/rule.js';
import { escapeForTerminal } from '../report/escape.js';
import { explainRule } from '../report/explain.js';
import { nearest } from '../text/nearest.js';
import { columnsOf } from '../report/width.js';
import { MAX_FILE_BYTES, decode, readBounded, reasonOf } from '../text/read-file.js';
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
    '<%= config.bin %> explain node.log',
  ];
  static override strict = false;
  static override args = {
    rule: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'id of a rule, an error text, a file with one, or - for standard input',
    }),
  };

  async run(): Promise<void> {
    const { argv } = await this.parse(Explain);
    const text = argv.map(String).join(' ').trim();
    if (text === '') throw new UsageError('explain what? Name a rule, give an error text, or - for standard input');
    const columns = columnsOf(process.stdout);
    const rule = text === '-' ? undefined : ruleNamed(text);
    if (rule !== undefined) {
      process.stdout.write(explainRule(rule, columns));
      return;
    }
    const { recognise } = await import('../explain/recognise.js');
    const [best, ...others] = recognise(await textToExplain(text));
    if (best === undefined) throw new UsageError(unknown(text));
    const { explainError } = await import('../report/explain-error.js');
    process.stdout.write(explainError([best, ...others], columns));
  }
}

/** Finds a rule by its id, or by the last part of it where only one has that. */
function ruleNamed(text: string): Rule | undefined {
  const name = text.toLowerCase();
  const rule = rules.find(({ id }) => id === name);
  if (rule !== undefined) return rule;
  const [one, ...more] = rules.filter(({ id }) => id.endsWith(`/${name}`));
  if (one !== undefined && more.length > 0) {
    throw new UsageError(`several rules are called ${name}: ${[one, ...more].map(({ id }) => id).join(', ')}`);
  }
  return one;
}

/** Gives what stands behind the words: standard input, the file of that name, or the words themselves. */
async function textToExplain(words: string): Promise<string> {
  if (words !== '-' && !existsSync(words)) return words;
  const name = words === '-' ? 'standard input' : escapeForTerminal(words);
  const bytes = words === '-' ? await readStdin() : await contentOf(words, name);
  if (bytes.length > MAX_FILE_BYTES) throw new UsageError(`${name} is larger than 1 MB; give the part that fails`);
  const { text } = decode(bytes);
  if (text.trim() === '') throw new UsageError(`there is nothing in ${name} to explain`);
  return text;
}

async function contentOf(path: string, name: string): Promise<Buffer> {
  try {
    return await readBounded(path);
  } catch (error) {
    throw new UsageError(`cannot read ${name}: ${await reasonOf(error, path)}`);
  }
}

/** One word that may be meant as the id of a rule or the name of a file. */
const NAME = /^[\w.-]+(?:\/[\w.-]+)?$/;

function unknown(text: string): string {
  if (text === '-' || !NAME.test(text) || existsSync(text)) {
    return 'this text is not known here; the messages of the executions may say more: bacalhau job executions JOB';
  }
  const ids = rules.map(({ id }) => id);
  const lastParts = new Map(ids.map((id) => [id.replace(/.*\//, ''), id]));
  const meant = nearest(text, ids) ?? lastParts.get(nearest(text, lastParts.keys()) ?? '');
  return meant === undefined
    ? `there is no rule and no file ${text}; bacalhau-preflight rules lists the rules`
    : `there is no rule ${text}; did you mean ${meant}?`;
}
