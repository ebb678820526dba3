import { resolve } from 'node:path';
import rules from '../../rules/index.js';
import { check } from '../check/check.js';
import { exitCode } from '../check/exit-code.js';
import { gather } from '../check/gather.js';
import { SEVERITIES } from '../check/stage.js';
import { readSubject, type Subject, type SubjectInput } from '../check/subject.js';
import type { SafetyLimits } from '../dryrun/container-options.js';
import { planRun, type RunPlan } from '../dryrun/plan.js';
import { settledByRun } from '../dryrun/settled.js';
import { familiarName } from '../image/reference.js';
import { quoteWord } from '../job/command-line/words.js';
import { readBytes } from '../job/validate-resources.js';
import { FORMATS, type ReportOptions } from '../report/format.js';
import { render } from '../report/render.js';
import { readTarget } from '../target/read.js';
import type { Target } from '../target/target.js';
import { resolvePath } from '../text/posix-path.js';
import { sourceText } from '../text/source.js';
import { version } from '../version.js';
import { commandLines, splitAtDashes } from './command-lines.js';
import { Args, PreflightCommand, Flags, UsageError } from './core.js';
import { fetchedFacts, fetchedLooker, fetchOptions, fetchFlags } from './fetch-flags.js';
import { inCI } from './input-flags.js';
import { nameAndValue } from './name-and-value.js';
import { standardOutput } from './reports.js';
import { readStdin } from './stdin.js';
import type { ToldRun, ToldRunOptions } from './told-run.js';

export default class DryRun extends PreflightCommand {
  static override summary = 'Run a job in the local Docker engine the way a node would, and judge what happened.';
  static override description =
    'The container gets the limits, network, variables, inputs and result folders that it would get on a node. No registry is asked, and nothing is published.';
  static override examples = [
    '<%= config.bin %> dry-run job.yaml --input /inputs=./sample --output ./results',
    '<%= config.bin %> dry-run --image acme/wordcount:1.4 --input ./sample -- wc -l /inputs/a.txt',
    '<%= config.bin %> dry-run --command "bacalhau docker run acme/wordcount:1.4 -- count /inputs"',
    '<%= config.bin %> dry-run job.yaml --print',
  ];
  static override strict = true;
  static override args = {
    job: Args.string({ ignoreStdin: true, description: 'job spec, or - for standard input' }),
  };
  static override flags = {
    image: Flags.string({
      description: 'run this image; with a job, in place of the one it names. Words after -- are the command',
      helpValue: 'REF',
    }),
    command: Flags.string({ description: 'run the job of a "bacalhau docker run …" line', helpValue: 'LINE' }),
    input: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'file or folder of yours in place of the input at TARGET (default: /inputs); repeatable',
      helpValue: '[TARGET=]PATH',
    }),
    output: Flags.string({
      description: 'new or empty folder that gets the results as a node leaves them',
      helpValue: 'DIR',
    }),
    print: Flags.boolean({ description: 'print the docker run line that comes nearest, and run nothing' }),
    pull: Flags.option({
      options: ['never', 'missing'] as const,
      default: 'never',
      description: 'whether an image that the engine does not hold is pulled',
    })(),
    credentials: Flags.boolean({
      description: 'with --pull, send the credentials of the Docker config even where CI is set',
    }),
    bind: Flags.boolean({
      description:
        'mount --input folders in place, read-only, instead of copying them; a node gives a copy to write to',
    }),
    harden: Flags.boolean({
      description: 'drop all capabilities and forbid new privileges; a node does not, so results may differ',
    }),
    keep: Flags.boolean({ description: 'leave the container and its volumes for a look' }),
    yes: Flags.boolean({ description: 'run the image also where CI is set' }),
    partition: Flags.integer({
      min: 0,
      description: 'which of the executions of a job with a Count is run, from 0 (default: 0)',
      helpValue: 'N',
    }),
    'max-time': Flags.integer({ default: 600, min: 1, description: 'seconds after which it is stopped' }),
    'max-output': Flags.string({
      default: '10GB',
      description: 'most that it may write as results',
      helpValue: 'SIZE',
    }),
    'max-processes': Flags.integer({ default: 4096, min: 1, description: 'most processes and threads' }),
    ...fetchFlags,
    target: Flags.string({
      description: 'Bacalhau release (1.6) or file that says what the nodes offer',
      helpValue: 'NAME|FILE',
    }),
    platform: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'platform of the nodes; repeatable',
      helpValue: 'OS/ARCH',
    }),
    var: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'value of a template variable',
      helpValue: 'NAME=VALUE',
    }),
    format: Flags.option({
      options: FORMATS,
      default: 'pretty',
      description: 'form of the report',
    })(),
    'fail-on': Flags.option({
      options: [...SEVERITIES, 'never'] as const,
      default: 'error',
      description: 'mildest severity that exits 1',
    })(),
    strict: Flags.boolean({ description: 'exit 3 when something could not be checked' }),
  };

  async run(): Promise<void> {
    const { before, after } = splitAtDashes(this.argv);
    this.argv = before;
    const { args, flags } = await this.parse(DryRun);
    const limits = limitsOf(flags);
    const fetching = fetchOptions(flags);
    const target = await readTarget(flags.target, flags.platform ?? []);
    if (!target.ok) throw new UsageError(target.message);
    const isImageAlone = args.job === undefined && flags.command === undefined && flags.image !== undefined;
    const input = isImageAlone
      ? imageLine(flags.image ?? '', after, target.target)
      : await jobInput(args.job, flags.command, after);
    const variables = new Map((flags.var ?? []).map((text) => nameAndValue('--var', text)));
    const subject = await readSubject(input, {
      release: target.target.bacalhau,
      variables,
      ...(flags.image === undefined || isImageAlone ? {} : { image: flags.image }),
    });
    if (subject.job === undefined) throw new Error('a job or command line was read');
    const id = crypto.randomUUID(); // the global one: node:crypto would be loaded by every command
    const plan = planRun(subject.job, {
      target: target.target,
      image: engineName(subject),
      replacements: replacementsOf(flags.input ?? []),
      addsInputs: isImageAlone,
      id,
      ...(flags.partition === undefined ? {} : { partition: flags.partition }),
      freePort,
    });
    if ('reason' in plan && (plan.isUsage || flags.print)) throw new UsageError(plan.reason);
    if (flags.print && 'image' in plan) {
      process.stdout.write(await printed(plan, flags.output ?? 'results', flags.harden));
      return;
    }
    if (inCI() && !flags.yes) throw new UsageError('a dry run executes the image; where CI is set, say so with --yes');
    const { platforms } = target.target;
    const credentials = !inCI() || flags.credentials;
    const { evidence, problem, facts, missing } =
      'reason' in plan
        ? notTried(plan.reason)
        : await told(subject, plan, { ...flags, id, limits, platforms, fetching, credentials });
    const settled = settledByRun(evidence);
    const inputs = 'image' in plan ? plan.inputs : [];
    const [report] = await check([input], {
      // The line that stands for an image has no inputs of its own that could be wrong.
      rules: rules.filter(({ id: rule }) => !settled.has(rule) && !(isImageAlone && rule.startsWith('input/'))),
      target: target.target,
      variables,
      ...(flags.image === undefined || isImageAlone ? {} : { image: flags.image }),
      ...(evidence === undefined ? {} : { run: evidence }),
      ...('image' in plan ? { lookAtInputs: fetchedLooker(flags, inputs) } : {}),
      lookAtImage: () => Promise.resolve({ facts, missing: { 'image.access': NO_REGISTRY, ...missing } }),
    });
    if (report === undefined) throw new Error('the job has no report');
    const unseen = problem === undefined ? [] : [{ fact: 'run', reason: problem, rules: [] }];
    // What the user put in the place of an input leaves nothing to look at there.
    const wanted = fetchedFacts(inputs);
    const notChecked = report.notChecked.filter(
      ({ fact }) => !('image' in plan && SOURCE_FACTS.has(fact)) || wanted.has(fact),
    );
    const reports = [{ ...report, notChecked: [...notChecked, ...unseen] }];
    const options: ReportOptions = {
      target: target.target,
      version,
      rules,
      problems: problem === undefined ? [] : [problem],
      failOn: flags['fail-on'],
      folder: process.cwd(),
    };
    process.stdout.write(await render(reports, flags.format, options, standardOutput()));
    process.exitCode = exitCode(reports, {
      failOn: flags['fail-on'],
      strict: flags.strict,
      // A job that its own errors keep from running has findings that say so.
      usageProblems: problem !== undefined && !('reason' in plan && report.verdict !== 'ok'),
    });
  }
}

/** What runs a container is loaded only where one is run. */
async function told(subject: Subject, plan: RunPlan, options: ToldRunOptions): Promise<ToldRun> {
  const { runAndTell } = await import('./told-run.js');
  return runAndTell(subject, plan, options);
}

/** What is seen of the sources of inputs from outside. */
const SOURCE_FACTS: ReadonlySet<string> = new Set(['probe.url', 'probe.s3', 'probe.ipfs']);
const NO_REGISTRY = 'a dry run asks no registry; check does';

function notTried(reason: string): ToldRun {
  return { facts: {}, missing: {}, problem: reason };
}

async function printed(plan: RunPlan, output: string, hardened: boolean): Promise<string> {
  const { dockerLine } = await import('../dryrun/docker-line.js');
  const { bindMount } = await import('../dryrun/inputs.js');
  const inputs = await Promise.all(
    plan.inputs.map(async (input) => {
      if (input.replacement === undefined) return { source: `PATH-OF-A-SAMPLE`, target: input.target };
      const { Source, Target } = await bindMount(input, input.replacement);
      return { source: Source, target: Target };
    }),
  );
  return dockerLine(plan, { output: resolve(output), hardened, inputs });
}

/** From the range that nodes give ports from (facts of release 1.9: 20000 to 32000). */
function freePort(): number {
  return 20_000 + Math.floor(Math.random() * 12_000);
}

function limitsOf(flags: { 'max-time': number; 'max-output': string; 'max-processes': number }): SafetyLimits {
  const outputBytes = readBytes(flags['max-output'].toLowerCase().replaceAll(' ', ''));
  if (outputBytes === undefined)
    throw new UsageError(`--max-output ${flags['max-output']}: expected a size such as 2GB`);
  return { processes: flags['max-processes'], time: flags['max-time'], outputBytes: Math.floor(outputBytes) };
}

/** The line that a job with this image would have, so that its findings have a place. */
function imageLine(reference: string, command: readonly string[], target: Target): SubjectInput {
  // Up to 1.3 /outputs was collected by itself.
  const results = target.bacalhau.startsWith('1.3') ? '' : ' --publisher local -o outputs:/outputs';
  const words = command.length === 0 ? '' : ` -- ${command.map(quoteWord).join(' ')}`;
  const text = `bacalhau docker run${results} ${quoteWord(reference)}${words}`;
  return { kind: 'command', source: sourceText('<command>', text) };
}

async function jobInput(
  path: string | undefined,
  command: string | undefined,
  after: readonly string[],
): Promise<SubjectInput> {
  const lines = await commandLines(command === undefined ? [] : [command], [], after);
  const paths = [...(path === undefined ? [] : [path]), ...lines.paths];
  const gathered = await gather(paths, { readStdin, as: 'job' });
  const [problem] = gathered.problems;
  if (problem !== undefined) throw new UsageError(problem.message);
  const inputs = [...gathered.inputs, ...lines.inputs];
  const [first, second] = inputs;
  if (first === undefined) throw new UsageError('name a job spec, or give --image REF or --command LINE');
  if (second !== undefined) throw new UsageError('a dry run takes one job at a time');
  return first;
}

/** The image as the engine knows it; what is no reference is told by a rule. */
function engineName({ image }: Subject): string {
  if (image === undefined) return '';
  return image.id ?? (image.reference === undefined ? image.text : familiarName(image.reference));
}

/** `TARGET=PATH`; what has no absolute target is a path, and its target is /inputs. */
function replacementsOf(texts: readonly string[]): Map<string, string> {
  const replacements = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    const [target, path] = text.startsWith('/') && at > 0 ? [text.slice(0, at), text.slice(at + 1)] : ['/inputs', text];
    if (path === '') throw new UsageError(`--input ${text}: expected TARGET=PATH`);
    const clean = resolvePath('/', target);
    if (replacements.has(clean)) throw new UsageError(`--input names ${clean} twice`);
    replacements.set(clean, path);
  }
  return replacements;
}
