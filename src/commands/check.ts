import type { SubjectReport } from '../check/finding.js';
import { EXIT, exitCode } from '../check/exit-code.js';
import { escapeLines } from '../report/escape.js';
import { collectStats } from '../stats/stats.js';
import { version } from '../version.js';
import { checkerFor } from './checker.js';
import { checkFlags, type CheckFlagValues } from './check-flags.js';
import { splitAtDashes } from './command-lines.js';
import { configuration, rulesApplied, unusedPatterns, withHosts, type Configuration } from './configuration.js';
import { Args, PreflightCommand } from './core.js';
import { applyFixes, refuseUnsafeAlone, tell } from './mending.js';
import { nameAndValue } from './name-and-value.js';
import { reportFiles } from './reports.js';
import { readBaseline, suppressNotes, updateBaseline } from './suppressing.js';
import { tellCheck } from './tell-check.js';
import { toCheck } from './to-check.js';

export default class Check extends PreflightCommand {
  static override summary = 'Say where a job would die on Bacalhau, why, and what to change.';
  static override description =
    'Reads job specs, Dockerfiles, command lines and images, looks at what they name, and joins both with what the nodes of the target offer.';
  static override examples = [
    '<%= config.bin %> check job.yaml',
    '<%= config.bin %> check .',
    '<%= config.bin %> check --image acme/wordcount:1.4 --platform linux/arm64',
    '<%= config.bin %> check --command "bacalhau docker run -i ipfs://CID ubuntu:22.04 -- ls /inputs"',
  ];
  static override strict = false;
  static override args = {
    path: Args.string({ ignoreStdin: true, description: 'files, folders, or - for standard input; default: .' }),
  };
  static override flags = checkFlags;

  async run(): Promise<void> {
    const { before, after } = splitAtDashes(this.argv);
    this.argv = before;
    const { argv, flags } = await this.parse(Check);
    const named = argv.map(String);
    refuseUnsafeAlone(flags);
    if (flags.watch) await watch(named, { before, after }, flags);
    const files = reportFiles(flags.report ?? []);
    const variables = new Map((flags.var ?? []).map((value) => nameAndValue('--var', value)));
    const configured = await configuration(flags);
    const { config, settings, ruleIds } = configured;
    const failOn = flags['fail-on'] ?? config.failOn ?? 'error';
    const strict = flags.strict || config.strict === true;
    if (flags['print-config']) {
      await printConfig(named, flags, configured, { failOn, strict });
      return;
    }
    const stats = collectStats();
    const { inputs, paths, ...subjects } = await stats.measure('read', () => toCheck(named, after, flags));
    const baseline = await readBaseline(flags, config);
    const checker = await checkerFor(flags, configured, { variables, baseline, stats });
    const found = await checker.check(inputs);
    const how = { unsafe: flags['unsafe-fixes'], diff: flags.diff, variables, check: checker.check };
    const mending = flags.fix || flags.diff ? await applyFixes(inputs, found, how) : undefined;
    const left: readonly SubjectReport[] = mending?.reports ?? found;
    const updated =
      baseline !== undefined && flags['update-baseline'] ? await updateBaseline(baseline, left, ruleIds) : undefined;
    const reports = updated?.reports ?? left;
    const problems = [...subjects.problems, ...checker.problems(), ...(mending?.problems ?? [])];
    if (inputs.length === 0 && problems.length === 0) {
      const { message, isMistake } = subjects.nothing;
      if (isMistake) problems.push(message);
      else tell([message]);
    }
    const notes = [
      ...(flags.format === 'pretty' ? subjects.notes : []),
      ...(updated === undefined ? await suppressNotes(reports, baseline, ruleIds) : [updated.note]),
      ...(flags['changed-since'] === undefined ? await unusedPatterns(configured, paths, reports) : []),
    ];
    const options = {
      target: settings.common.target,
      version,
      rules: rulesApplied(settings),
      problems,
      failOn,
      folder: process.cwd(),
      showIgnore: flags['show-ignore'],
      ...(flags.stats ? { stats: stats.total() } : {}),
    };
    const unwritten = await tellCheck({ reports, mending, notes }, flags, options, files, stats);
    const usageProblems = problems.length + unwritten.length > 0;
    if (flags.diff && !usageProblems) process.exitCode = mending?.output === '' ? EXIT.clean : EXIT.findings;
    else process.exitCode = exitCode(reports, { failOn, strict, usageProblems });
  }
}

/** Checks again and again, each time with the same words but `--watch`. */
async function watch(
  named: readonly string[],
  { before, after }: { readonly before: readonly string[]; readonly after: readonly string[] },
  flags: CheckFlagValues,
): Promise<void> {
  const isAlone = flags.image !== undefined || flags.command !== undefined || after.length > 0;
  const watched = [...named, ...(flags.commands ?? [])];
  const { watchAndCheck } = await import('./watch.js');
  const words = [...before.filter((word) => word !== '--watch'), ...(after.length === 0 ? [] : ['--', ...after])];
  await watchAndCheck(watched.length === 0 && !isAlone ? ['.'] : watched, flags, words);
}

/** Prints what is in effect for the first path. */
async function printConfig(
  named: readonly string[],
  flags: CheckFlagValues,
  { config, settings }: Configuration,
  exits: { readonly failOn: string; readonly strict: boolean },
): Promise<void> {
  const { printedConfig } = await import('../config/print.js');
  const path = named.find((argument) => argument !== '-');
  const hosts = withHosts(flags, config);
  const inEffect = {
    config,
    settings: path === undefined ? settings.common : settings.of(path),
    ...exits,
    baseline: flags.baseline ?? config.baseline?.value,
    plugins: flags['ci-untrusted'] ? [] : config.plugins.map(({ value }) => value),
    allowHosts: hosts['allow-host'] ?? [],
    insecureRegistries: hosts['insecure-registry'] ?? [],
  };
  process.stdout.write(escapeLines(printedConfig(inEffect, path)));
}
