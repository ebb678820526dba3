import type { Dockerfile } from '../dockerfile/dockerfile.js';
import type { FileQuestion, ImageConfig, ImageName } from '../image/facts.js';
import { imageKey } from '../image/name.js';
import type { JobSpec } from '../job/job-spec.js';
import { PROBE_FACTS } from '../probe/facts.js';
import { collectStats, type IoStats, type StatsCollector } from '../stats/stats.js';
import { holdsFor } from '../target/release.js';
import type { Target } from '../target/target.js';
import { buildPlace, builtBy, knownDockerfiles, type KnownDockerfiles } from './built-by.js';
import type { RunEvidence } from '../workload/run-evidence.js';
import type { FindCopied } from './subject-scripts.js';
import type { Finding, LookedAtImage, NotChecked, SubjectReport } from './finding.js';
import { factsWanted, judge, MOST_FINDINGS, type MissingFacts, type Judgement } from './judge.js';
import type { Sifted, Suppressor } from './suppress.js';
import type { FactName, Facts, Rule, RuleContext } from './rule.js';
import { STAGES, type Stage } from './stage.js';
import { workloadOf } from './subject-workload.js';
import { readSubject, type ReadOptions, type Subject, type SubjectInput } from './subject.js';

/** What was learned of an image, and why the rest was not. */
export interface Looked {
  readonly facts: Facts;
  readonly missing: MissingFacts;
  /** What it cost to learn it. */
  readonly stats?: IoStats;
}

/** Looks at an image; must not reject. Called once for each image of a run and the platforms it is checked against. */
export type LookAtImage = (
  name: ImageName,
  wanted: ReadonlySet<FactName>,
  platforms: readonly string[],
  askFiles: (config: ImageConfig) => Promise<FileQuestion>,
) => Promise<Looked>;

/** What one subject is checked with. */
export interface SubjectSettings {
  readonly rules: readonly Rule[];
  readonly target: Target;
  /** Takes known findings out; made anew for each check of a subject. */
  readonly suppressor?: Suppressor;
}

/** Looks at the inputs of a job from outside; must not reject. Called once for each job that a rule wants it for. */
export type LookAtInputs = (job: JobSpec, wanted: ReadonlySet<FactName>) => Promise<Looked>;

export interface CheckOptions extends Omit<ReadOptions, 'release'> {
  readonly rules: readonly Rule[];
  readonly target: Target;
  /** Ids of all rules there are, of those too that do not run; default: those of the rules. */
  readonly ruleIds?: readonly string[];
  /** Rules and target for a path, where they differ from those of the run. */
  readonly settingsOf?: (path: string) => SubjectSettings;
  readonly lookAtImage: LookAtImage;
  /** Look into image layers and copied scripts too. Default false. */
  readonly deep?: boolean;
  /** Absent when inputs are not to be looked at; then what needs it is not checked. */
  readonly lookAtInputs?: LookAtInputs;
  /** Milliseconds since 1970 that count as now; default: the clock. */
  readonly now?: number;
  /** Dockerfiles by the image that they build, named without tag. */
  readonly dockerfiles?: ReadonlyMap<string, Dockerfile>;
  /** Finds a script that a Dockerfile copies into its image; only asked when `deep` is set. */
  readonly copiedFile?: FindCopied;
  /** Gets what the run costs. */
  readonly stats?: StatsCollector;
  /** What a dry run saw of the only subject. */
  readonly run?: RunEvidence;
  /** How many findings of one rule in one subject are kept; default: as many as anybody reads. */
  readonly mostFindings?: number;
}

/**
 * Checks subjects: reads all, looks at every image once and side by side, then judges.
 * One report for each input, in the order given.
 */
export async function check(inputs: readonly SubjectInput[], options: CheckOptions): Promise<SubjectReport[]> {
  const stats = options.stats ?? collectStats();
  const now = options.now ?? Date.now();
  const deep = options.deep ?? false;
  const ruleIds = options.ruleIds ?? options.rules.map(({ id }) => id);
  const plans: Plan[] = [];
  await stats.measure('read', async () => {
    for (const input of inputs) {
      const settings: SubjectSettings = options.settingsOf?.(input.source.path) ?? options;
      const readOptions: ReadOptions = { ...options, release: settings.target.bacalhau };
      const subject = await readSubject(input, readOptions);
      const run = options.run === undefined ? {} : { run: options.run };
      const { rules, target, suppressor } = settings;
      plans.push({ context: { ...subject, ...run, target, now, deep }, rules, suppressor, ruleIds });
    }
  });
  const dockerfiles = knownDockerfiles(
    options.dockerfiles ?? new Map(),
    plans.flatMap(({ context }) => context.dockerfile ?? []),
  );
  const [byImage, byJob] = await stats.measure('look', () =>
    Promise.all([lookAtImages(plans, options.lookAtImage), lookAtJobs(plans, options.lookAtInputs)]),
  );
  for (const { stats: cost } of [...byImage.values(), ...byJob.values()]) if (cost !== undefined) stats.add(cost);
  const reports: SubjectReport[] = [];
  await stats.measure('judge', async () => {
    for (const plan of plans) {
      const image = imageFactsOf(plan, byImage);
      const inputs = byJob.get(plan) ?? NOTHING;
      const facts = { ...image.facts, ...inputs.facts };
      const looked = { facts, missing: { ...image.missing, ...inputs.missing } };
      reports.push(withBuildPlaces(await judgeSubject(plan, looked, dockerfiles, options), plan, dockerfiles));
    }
  });
  return reports;
}

/** A subject with all that judging needs but what looking gives. */
interface Plan {
  readonly context: Subject & Omit<RuleContext, 'facts' | 'workload'>;
  readonly rules: readonly Rule[];
  readonly suppressor: Suppressor | undefined;
  readonly ruleIds: readonly string[];
}

type LookedByImage = ReadonlyMap<string, Looked>;
const NOTHING: Looked = { facts: {}, missing: {} };

/** What is looked at once: an image, with the platforms that decide which of its configs counts. */
function lookKey(image: ImageName, { platforms }: Target): string {
  return [imageKey(image), ...platforms].join(' ');
}

/** How many are looked at side by side: enough to hide latency, few enough to be polite to one server. */
const LOOKS_AT_ONCE = 8;

/** One look: at an image, for all subjects that name it. */
interface ImageLook {
  readonly name: ImageName;
  readonly wanted: Set<FactName>;
  readonly platforms: readonly string[];
  readonly subjects: Subject[];
}

async function lookAtImages(plans: readonly Plan[], lookAtImage: LookAtImage): Promise<LookedByImage> {
  const looks = new Map<string, ImageLook>();
  for (const plan of plans) {
    const { image, target } = plan.context;
    if (image === undefined || templateVariable(plan.context) !== undefined) continue;
    const wanted = imageFactsWanted(plan);
    if (wanted.length === 0) continue;
    const key = lookKey(image, target);
    const { platforms } = target;
    const look = looks.get(key) ?? { name: image, wanted: new Set<FactName>(), platforms, subjects: [] };
    look.subjects.push(plan.context);
    for (const fact of wanted) look.wanted.add(fact);
    looks.set(key, look);
  }
  const looked = new Map<string, Looked>();
  await eachAtOnce([...looks], async ([key, { name, wanted, platforms, subjects }]) => {
    const askFiles = async (config: ImageConfig): Promise<FileQuestion> => {
      const { fileQuestion } = await import('./file-question.js');
      return fileQuestion(subjects, config);
    };
    looked.set(key, await lookAtImage(name, wanted, platforms, askFiles));
  });
  return looked;
}

async function lookAtJobs(
  plans: readonly Plan[],
  lookAtInputs: LookAtInputs | undefined,
): Promise<ReadonlyMap<Plan, Looked>> {
  const looked = new Map<Plan, Looked>();
  await eachAtOnce(plans, async (plan) => {
    const wanted = [...factsWanted(plan.rules, plan.context)].filter(isProbe);
    const { job } = plan.context;
    if (job === undefined || wanted.length === 0) return;
    const nobody = { facts: {}, missing: allMissing(wanted, 'inputs were not looked at') };
    looked.set(plan, (await lookAtInputs?.(job, new Set(wanted))) ?? nobody);
  });
  return looked;
}

async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: Math.min(LOOKS_AT_ONCE, queue.length) }, worker));
}

function imageFactsWanted({ context, rules }: Plan): FactName[] {
  return [...factsWanted(rules, context)].filter((fact) => !isProbe(fact));
}

function isProbe(fact: FactName): boolean {
  return PROBE_FACTS.some((probe) => probe === fact);
}

function allMissing(facts: readonly FactName[], reason: string): MissingFacts {
  return Object.fromEntries(facts.map((fact) => [fact, reason]));
}

async function judgeSubject(
  plan: Plan,
  { facts, missing }: Looked,
  dockerfiles: KnownDockerfiles,
  { copiedFile, mostFindings }: CheckOptions,
): Promise<SubjectReport> {
  const subject = plan.context;
  const command = await workloadOf(subject, facts, subject.target.bacalhau);
  const { workload, absent } =
    command === undefined || !subject.deep
      ? { workload: command, absent: [] }
      : await (await import('./subject-scripts.js')).withScripts(command, subject, dockerfiles, copiedFile);
  const context: RuleContext = { ...subject, facts, ...(workload === undefined ? {} : { workload }) };
  const most = mostFindings ?? (mayIgnore(plan) ? MOST_WITH_IGNORES : MOST_FINDINGS);
  const judged = judge(plan.rules, context, missing, most);
  const settled = settledRules(plan.rules, context, judged, most);
  const sifted = await siftSubject(plan, judged, settled);
  return {
    kind: subject.kind,
    source: subject.source,
    target: subject.target,
    verdict: verdictOf(sifted.findings ?? judged.findings),
    ...judged,
    ...sifted,
    settledRules: settled,
    notChecked: [...judged.notChecked, ...unread(subject), ...absent],
    ...(subject.job === undefined ? {} : { job: subject.job }),
    ...(workload === undefined ? {} : { workload }),
    ...(subject.image === undefined ? {} : { image: imageOf(subject.image, facts) }),
    probes: facts,
    ...(subject.run === undefined ? {} : { run: subject.run }),
  };
}

/** Adds to findings about an image the line of the Dockerfile that has to change. */
function withBuildPlaces(report: SubjectReport, { context, rules }: Plan, known: KnownDockerfiles): SubjectReport {
  const built = report.findings.length === 0 ? undefined : builtBy(context, known);
  if (built === undefined) return report;
  const parts = new Map(rules.map(({ id, imagePart }) => [id, imagePart]));
  const findings = report.findings.map((finding) => {
    const part = parts.get(finding.rule);
    return part === undefined ? finding : { ...finding, related: [...finding.related, ...buildPlace(built, part)] };
  });
  return { ...report, findings };
}

/** The rules that said all they have to say of a subject; those that look deeper with `--deep` did not without it. */
function settledRules(
  rules: readonly Rule[],
  context: RuleContext,
  { findings, notChecked }: Judgement,
  most: number,
): Set<string> {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  // of a rule that found too much, the findings that an ignore is about may have been left out
  const cut = [...counts].flatMap(([id, count]) => (count >= most ? [id] : []));
  const unsure = new Set([...notChecked.flatMap((one) => one.rules), ...cut]);
  const deeper = { ...context, deep: true };
  const looksDeeper = (rule: Rule): boolean =>
    !context.deep && factsWanted([rule], deeper).size > factsWanted([rule], context).size;
  const isSettled = (rule: Rule): boolean =>
    holdsFor(context.target.bacalhau, rule) &&
    !unsure.has(rule.id) &&
    (rule.judges !== 'run' || context.run !== undefined) &&
    !looksDeeper(rule);
  return new Set(rules.filter(isSettled).map(({ id }) => id));
}

/** Where findings may be ignored, so many of one rule are kept: those that nobody ignores must not be cut behind the others. */
const MOST_WITH_IGNORES = 1000;

function mayIgnore({ context, suppressor }: Plan): boolean {
  return suppressor !== undefined || mayHaveComments(context);
}

/** Comments are looked for only in texts that name this tool; most do not. */
function mayHaveComments({ kind, source }: Plan['context']): boolean {
  return (kind === 'job' || kind === 'dockerfile') && source.text.includes('bacalhau-preflight');
}

async function siftSubject(
  { context, suppressor, ruleIds }: Plan,
  judged: Judgement,
  settled: ReadonlySet<string>,
): Promise<Partial<Sifted>> {
  const { source, kind } = context;
  const hasComments = mayHaveComments(context);
  if (!hasComments && suppressor === undefined) return {};
  const { ignoreComments } = await import('./ignore-comments.js');
  const { sift } = await import('./suppress.js');
  const comments = hasComments ? ignoreComments(kind, source) : [];
  return sift(judged.findings, { source, comments, suppressor, settled, ruleIds });
}

function imageOf(image: NonNullable<Subject['image']>, facts: Facts): LookedAtImage {
  const { 'image.access': access, 'image.platforms': platforms, 'image.config': config } = facts;
  return {
    reference: image.text,
    source: image.source,
    at: image.at,
    ...(platforms === undefined ? {} : { platforms }),
    ...(config === undefined ? {} : { config }),
    ...(access === undefined ? {} : { access: access.kind }),
  };
}

/** The name of the template variable that the image depends on, if it has no value. */
function templateVariable(subject: Subject): string | undefined {
  const at = subject.image?.at.span;
  if (at === undefined) return undefined;
  return subject.job?.unresolved.find(({ span }) => span.start >= at.start && span.end <= at.end)?.value;
}

/** A line without a job in it was not checked; what depends on a variable without a value was read with a stand-in, which is no pass. */
function unread({ job }: Subject): NotChecked[] {
  if (job?.notRead !== undefined) return [{ fact: 'job', reason: job.notRead, rules: [] }];
  if (job === undefined || job.unresolved.length === 0) return [];
  const names = [...new Set(job.unresolved.map(({ value }) => value))];
  const listed = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
  const reason =
    job.origin === 'command'
      ? `only your own shell knows ${listed}`
      : `template variable ${listed} without a value; give it with --var ${names[0] ?? 'NAME'}=VALUE`;
  return [{ fact: 'job.variables', reason, rules: [] }];
}

function imageFactsOf(plan: Plan, looked: LookedByImage): Looked {
  const { context } = plan;
  const found = context.image === undefined ? undefined : looked.get(lookKey(context.image, context.target));
  if (found !== undefined) return found;
  // A subject without an image has nothing there to look at: that is clean, and no fact is missing.
  const variable = templateVariable(context);
  if (variable === undefined) return NOTHING;
  const reason = `the variable ${variable} has no value here`;
  return { facts: {}, missing: allMissing(imageFactsWanted(plan), reason) };
}

/** The earliest stage at which an error strikes. */
function verdictOf(findings: readonly Finding[]): Stage | 'ok' {
  const stages = new Set(findings.filter(({ severity }) => severity === 'error').map(({ stage }) => stage));
  return STAGES.find((stage) => stages.has(stage)) ?? 'ok';
}
