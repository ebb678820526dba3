import { CI_SYSTEMS, type Answers } from '../init/answers.js';
import { escapeLines } from '../report/escape.js';
import { EXIT } from '../check/exit-code.js';
import { readTarget } from '../target/read.js';
import { NEWEST_RELEASE, resolveRelease } from '../target/release.js';
import { version } from '../version.js';
import type { Asker } from './ask.js';
import { Flags, PreflightCommand, UsageError } from './core.js';

export default class Init extends PreflightCommand {
  static override summary = 'Write the configuration, a CI job and a pre-commit entry for a repository.';
  static override description =
    'Asks on a terminal what no flag answers. A file that is there is never overwritten without asking; without a terminal it is kept unless --force is given.';
  static override examples = [
    '<%= config.bin %> init',
    '<%= config.bin %> init --yes --ci github',
    '<%= config.bin %> init --yes --ci gitlab --target 1.6 --pre-commit',
  ];
  static override flags = {
    yes: Flags.boolean({ char: 'y', description: 'ask nothing: take the usual answer where no flag gives one' }),
    ci: Flags.option({
      options: CI_SYSTEMS,
      description: 'CI system to write a job for; usual: what the repository has',
    })(),
    target: Flags.string({
      description: 'Bacalhau release (1.6) or file that says what the nodes offer; usual: the newest release',
      helpValue: 'NAME|FILE',
    }),
    platform: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'platform of the nodes; repeatable; usual: linux/amd64',
      helpValue: 'OS/ARCH',
    }),
    'pre-commit': Flags.boolean({ allowNo: true, description: 'write an entry for pre-commit; usual: none' }),
    force: Flags.boolean({ description: 'overwrite files that are there' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Init);
    const folder = process.cwd();
    const { repositoryTop } = await import('../config/find.js');
    const { usualCi } = await import('../init/repository.js');
    const top = repositoryTop(folder) ?? folder;
    if (top !== folder) throw new UsageError(`init writes files for the top of a repository; run it in ${top}`);
    const given = {
      target: flags.target,
      platforms: flags.platform,
      ci: flags.ci,
      // oclif leaves it out when it was not given, whatever its types say
      preCommit: 'pre-commit' in flags ? flags['pre-commit'] : undefined,
    };
    await refuseWrong(given.target, given.platforms ?? []);
    const asker = flags.yes ? undefined : await openTerminal();
    try {
      const { answersOf } = await import('./init-answers.js');
      const answers = await answersOf(given, usualCi(folder), asker);
      const { plannedFiles } = await import('../init/plan.js');
      const { writeAll } = await import('./init-files.js');
      const isWhole = await writeAll(folder, plannedFiles(answers, version), { force: flags.force, asker });
      tellNext(answers);
      if (!isWhole) process.exitCode = EXIT.usage;
    } finally {
      asker?.close();
    }
  }
}

async function refuseWrong(target: string | undefined, platforms: readonly string[]): Promise<void> {
  const result = await readTarget(target, platforms);
  if (!result.ok) throw new UsageError(result.message);
}

async function openTerminal(): Promise<Asker> {
  const isInCI = process.env.CI !== undefined && process.env.CI !== '';
  if (isInCI || !process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsageError(
      `init asks questions, and ${isInCI ? 'CI is set' : 'there is no terminal'}: answer by --yes, with --ci, --target or --pre-commit where the usual does not fit`,
    );
  }
  const { openAsker } = await import('./ask.js');
  return openAsker(process.stdin, process.stdout);
}

function tellNext({ target }: Answers): void {
  const isRelease = resolveRelease(target) !== undefined && resolveRelease(target) !== NEWEST_RELEASE;
  const schema = `bacalhau-preflight schema${isRelease ? ` --bacalhau ${target}` : ''} > job.schema.json`;
  process.stdout.write(
    escapeLines(`
Now try it:
  bacalhau-preflight check .

What is found today and may stay, so that only news fails:
  bacalhau-preflight check . --baseline known.json --update-baseline

Completion in an editor with yaml-language-server: write the schema once, and put
the second line first in each job spec:
  ${schema}
  # yaml-language-server: $schema=job.schema.json
`),
  );
}
