import { check } from '../check/check.js';
import type { IsChanged } from '../check/changed-files.js';
import { EXIT, exitCode } from '../check/exit-code.js';
import type { SubjectReport } from '../check/finding.js';
import type { Rule } from '../check/rule.js';
import { gather, type Gathered } from '../check/gather.js';
import { SEVERITIES } from '../check/stage.js';
import type { FileSettings } from '../config/settings.js';
import type { SubjectInput } from '../check/subject.js';
import { escapeForLog, escapeLines } from '../report/escape.js';
import { FORMATS, type ReportOptions } from '../report/format.js';
import { render } from '../report/render.js';
import { collectStats } from '../stats/stats.js';
import { sourceText } from '../text/source.js';
import { version } from '../version.js';
import { Args, PreflightCommand, Flags, UsageError } from './core.js';
import { configFlags, configuration, tellUnused, withHosts } from './configuration.js';
import { namedDockerfiles } from './named-dockerfiles.js';
import { imageFlags, imageLooker, rememberLooks, statsFlag } from './image-flags.js';
import { inputFlags, inputLooker } from './input-flags.js';
import { commandLines, splitAtDashes } from './command-lines.js';
import { applyFixes, fixFlags, tell, writeCommands } from './mending.js';
import { reportFiles, standardOutput, writeJobSummary, writeReports } from './reports.js';
import { readBaseline, suppressFlags, suppressNotes, updateBaseline, withBaseline } from './suppressing.js';
import { readStdin } from './stdin.js';
import { withoutLinksOut } from './untrusted.js';

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
  static override flags = {
    as: Flags.option({
      options: ['job', 'dockerfile'] as const,
      description: 'kind of the named files, instead of recognising it',
    })(),
    image: Flags.string({
      description:
        'check this image, with or without a job; docker-daemon:NAME, docker-archive:FILE, oci:DIR[:TAG] and oci-archive:FILE name the place',
      helpValue: 'REF',
    }),
    command: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'check a "bacalhau docker run …" line',
      helpValue: 'LINE',
    }),
    commands: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'check a file with one command line per line',
      helpValue: 'FILE',
    }),
    ...configFlags,
    'print-config': Flags.boolean({
      description: 'print what is in effect, for the first PATH if there is one, and check nothing',
    }),
    var: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'value of a template variable',
      helpValue: 'NAME=VALUE',
    }),
    ...imageFlags,
    ...statsFlag,
    ...inputFlags,
    format: Flags.option({
      options: FORMATS,
      default: 'pretty',
      description: 'form of the report',
    })(),
    ...fixFlags,
    report: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'write a report to a file too, in one of these forms; repeatable',
      helpValue: 'FORMAT:FILE',
    }),
    ...suppressFlags,
    'changed-since': Flags.string({
      description: 'check only the files that differ from where the branch left REF, as git tells',
      helpValue: 'REF',
    }),
    watch: Flags.boolean({
      description: 'check again whenever a file changes, until Ctrl-C',
      exclusive: ['fix', 'fix-commands', 'report', 'update-baseline', 'print-config'],
    }),
    'print-job': Flags.boolean({
      description: 'print the job spec that each command line stands for; the report goes to stderr',
    }),
    'fail-on': Flags.option({
      options: [...SEVERITIES, 'never'] as const,
      env: 'BACALHAU_PREFLIGHT_FAIL_ON',
      description: 'mildest severity that exits 1; default: error',
    })(),
    strict: Flags.boolean({ description: 'exit 3 when something could not be checked' }),
  };

  async run(): Promise<void> {
    const { before, after } = splitAtDashes(this.argv);
    this.argv = before;
    const { argv, flags } = await this.parse(Check);
    if (flags['unsafe-fixes'] && !flags.fix && !flags.diff) {
      throw new UsageError('--unsafe-fixes says which fixes count: give --diff to see them, or --fix to apply them');
    }
    if (flags.watch) {
      const named = [...argv.map(String), ...(flags.commands ?? [])];
      const isAlone = flags.image !== undefined || flags.command !== undefined || after.length > 0;
      if (named.length === 0 && !isAlone) named.push('.');
      const { watchAndCheck } = await import('./watch.js');
      const rest = after.length === 0 ? [] : ['--', ...after];
      await watchAndCheck(named, flags, [...before.filter((word) => word !== '--watch'), ...rest]);
    }
    const reportsToFiles = reportFiles(flags.report ?? []);
    const variables = new Map((flags.var ?? []).map(nameAndValue));
    const configured = await configuration(flags);
    const { config, settings, ruleIds } = configured;
    const { target } = settings.common;
    const failOn = flags['fail-on'] ?? config.failOn ?? 'error';
    const strict = flags.strict || config.strict === true;
    if (flags['print-config']) {
      const { printedConfig } = await import('../config/print.js');
      const path = argv.map(String).find((argument) => argument !== '-');
      const hosts = withHosts(flags, config);
      const inEffect = {
        config,
        settings: path === undefined ? settings.common : settings.of(path),
        failOn,
        strict,
        baseline: flags.baseline ?? config.baseline?.value,
        plugins: flags['ci-untrusted'] ? [] : config.plugins.map(({ value }) => value),
        allowHosts: hosts['allow-host'] ?? [],
        insecureRegistries: hosts['insecure-registry'] ?? [],
      };
      process.stdout.write(printedConfig(inEffect, path));
      return;
    }
    const stats = collectStats();
    const lines = await commandLines(flags.command ?? [], flags.commands ?? [], after);
    const paths = [...argv.map(String), ...lines.paths];
    const alone = lines.inputs.length > 0 || flags.image !== undefined;
    if (paths.length === 0 && !alone) paths.push('.');
    const as = flags.as === undefined ? {} : { as: flags.as };
    const since = flags['changed-since'];
    const isWanted = since === undefined ? {} : { isWanted: await changedFiles(since, paths) };
    const { inside, outside } = flags['ci-untrusted'] ? await withoutLinksOut(paths) : { inside: paths, outside: [] };
    const gathered = await stats.measure('read', () => gather(inside, { readStdin, ...as, ...isWanted }));
    const inputs = [...gathered.inputs, ...lines.inputs];
    if (inputs.length === 0 && paths.length === 0 && flags.image !== undefined) inputs.push(imageInput(flags.image));
    const placeProblems: string[] = [];
    const look = rememberLooks(imageLooker(withHosts(flags, config), { text: flags.image, problems: placeProblems }));
    const { dockerfiles, problems: unread } = await namedDockerfiles(config);
    const baselineFile = flags.baseline ?? config.baseline?.value;
    if (flags['update-baseline'] && baselineFile === undefined) {
      throw new UsageError('--update-baseline writes the file of --baseline; name it');
    }
    const baseline =
      baselineFile === undefined ? undefined : await readBaseline(baselineFile, flags['update-baseline']);
    const settingsOf = await withBaseline(settings.of, baseline);
    const { copiedFile } = flags.deep ? await import('../dockerfile/context.js') : {};
    const checkAll = (subjects: readonly SubjectInput[], mostFindings?: number): Promise<SubjectReport[]> =>
      check(subjects, {
        rules: settings.common.rules,
        target,
        ruleIds,
        settingsOf,
        variables,
        deep: flags.deep,
        dockerfiles,
        ...(copiedFile === undefined ? {} : { copiedFile }),
        lookAtImage: look,
        stats,
        lookAtInputs: inputLooker(withHosts(flags, config)),
        ...(flags.image === undefined ? {} : { image: flags.image }),
        ...(mostFindings === undefined ? {} : { mostFindings }),
      });
    const first = await checkAll(inputs);
    const mending =
      flags.fix || flags.diff
        ? await applyFixes(inputs, first, {
            unsafe: flags['unsafe-fixes'],
            diff: flags.diff,
            variables,
            check: checkAll,
          })
        : undefined;
    const mended = mending?.reports ?? first;
    const isUpdated = baseline !== undefined && flags['update-baseline'];
    const updated = isUpdated ? await updateBaseline(baseline, mended, ruleIds) : undefined;
    const reports = updated === undefined ? mended : mended.map((report) => ({ ...report, ...allKnown(report) }));
    const problems = [
      ...outside,
      ...gathered.problems.map(({ message }) => message),
      ...lines.problems,
      ...placeProblems,
      ...unread,
      ...(mending?.problems ?? []),
    ];
    if (inputs.length === 0 && problems.length === 0) {
      if (since === undefined) problems.push(nothingToCheck(gathered));
      else this.logToStderr(escapeForLog(`nothing to check: no job spec and no Dockerfile changed since ${since}`));
    }
    for (const message of problems) this.logToStderr(escapeForLog(message));
    const options: ReportOptions = {
      target,
      version,
      rules: rulesApplied(settings.common.rules, settings.all),
      problems,
      failOn,
      folder: process.cwd(),
      showIgnore: flags['show-ignore'],
      ...(flags.stats ? { stats: stats.total() } : {}),
    };
    if (!flags.diff) {
      const report = await stats.measure('tell', () => render(reports, flags.format, options, standardOutput()));
      const isTaken = flags['print-job'] || (mending !== undefined && mending.output !== '');
      (isTaken ? process.stderr : process.stdout).write(report);
    }
    if (mending !== undefined) {
      process.stdout.write(process.stdout.isTTY ? escapeLines(mending.output) : mending.output);
      tell(mending.notes);
    }
    const unwritten = await writeReports(reportsToFiles, reports, options);
    if (flags.format === 'github') unwritten.push(...(await writeJobSummary(reports, options, process.env)));
    for (const message of unwritten) this.logToStderr(escapeForLog(message));
    problems.push(...unwritten);
    if (flags['print-job']) {
      const { jobYaml } = await import('../report/job-yaml.js');
      process.stdout.write(jobYaml(reports));
    }
    if (flags.format === 'pretty' && lines.isRejoined) {
      this.logToStderr(
        'the words after -- were put together again: quotes, $NAME and redirections were your own shell’s',
      );
    }
    if (flags.format === 'pretty' && gathered.seen > 0) {
      this.logToStderr(`${String(gathered.seen)} files seen, ${String(gathered.taken)} taken`);
    }
    tell(updated === undefined ? await suppressNotes(reports, baseline, ruleIds) : [updated]);
    if (since === undefined) await tellUnused(configured, paths, reports);
    if (flags.stats && flags.format !== 'json') {
      const { statsLine } = await import('../report/stats.js');
      this.logToStderr(statsLine(stats.total()));
    }
    if (flags['fix-commands'] !== undefined) {
      const written = await writeCommands(flags['fix-commands'], reports);
      if ('problem' in written) problems.push(written.problem);
      tell(['problem' in written ? written.problem : written.note]);
    }
    if (flags.diff && problems.length === 0) {
      process.exitCode = mending?.output === '' ? EXIT.clean : EXIT.findings;
      return;
    }
    process.exitCode = exitCode(reports, { failOn, strict, usageProblems: problems.length > 0 });
  }
}

/** The rules of the run, with those that only some of the files are checked with. */
function rulesApplied(common: readonly Rule[], all: () => readonly FileSettings[]): readonly Rule[] {
  const known = new Set(common.map(({ id }) => id));
  const others = all().flatMap(({ rules }) => rules.filter(({ id }) => !known.has(id) && known.add(id)));
  return others.length === 0 ? common : [...common, ...others];
}

/** After an update of the baseline nothing of a report is news. */
function allKnown({ findings, suppressed = [] }: SubjectReport): Partial<SubjectReport> {
  const known = findings.map((finding) => ({ finding, by: 'baseline' as const }));
  return { findings: [], verdict: 'ok', suppressed: [...suppressed, ...known] };
}

async function changedFiles(ref: string, paths: readonly string[]): Promise<IsChanged> {
  if (paths.length === 0) throw new UsageError('--changed-since chooses among files; name files or a folder');
  const { changedSince } = await import('../check/changed-files.js');
  const changed = await changedSince(ref, process.cwd());
  if (typeof changed === 'string') throw new UsageError(`--changed-since ${ref}: ${changed}`);
  return changed;
}

function imageInput(reference: string): SubjectInput {
  return { kind: 'image', source: sourceText(reference, reference) };
}

function nothingToCheck({ seen }: Gathered): string {
  return `nothing to check: ${seen === 0 ? 'no files' : `no job spec and no Dockerfile among ${String(seen)} files`} here`;
}

function nameAndValue(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--var ${text}: expected NAME=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}
