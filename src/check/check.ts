import type { ImageName } from '../image/facts.js';
import { collectStats, type IoStats, type StatsCollector } from '../stats/stats.js';
import type { Target } from '../target/target.js';
import type { Finding, LookedAtImage, NotChecked, SubjectReport } from './finding.js';
import { factsWanted, judge, type MissingFacts } from './judge.js';
import type { FactName, Facts, Rule, RuleContext } from './rule.js';
import { STAGES, type Stage } from './stage.js';
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
) => Promise<Looked>;

/** What one subject is checked with. */
export interface SubjectSettings {
  readonly rules: readonly Rule[];
  readonly target: Target;
}

export interface CheckOptions extends Omit<ReadOptions, 'release'> {
  readonly rules: readonly Rule[];
  readonly target: Target;
  /** Rules and target for a path, where they differ from those of the run. */
  readonly settingsOf?: (path: string) => SubjectSettings;
  readonly lookAtImage: LookAtImage;
  /** Gets what the run costs. */
  readonly stats?: StatsCollector;
}

/**
 * Checks subjects: reads all, looks at every image once and side by side, then judges.
 * One report for each input, in the order given.
 */
export async function check(inputs: readonly SubjectInput[], options: CheckOptions): Promise<SubjectReport[]> {
  const stats = options.stats ?? collectStats();
  const subjects: SetSubject[] = [];
  await stats.measure('read', async () => {
    for (const input of inputs) {
      const settings = options.settingsOf?.(input.source.path) ?? options;
      const readOptions: ReadOptions = { ...options, release: settings.target.bacalhau };
      subjects.push({ subject: await readSubject(input, readOptions), settings });
    }
  });
  const looked = await stats.measure('look', () => lookAtAll(subjects, options.lookAtImage));
  for (const { stats: cost } of looked.values()) if (cost !== undefined) stats.add(cost);
  const reports: SubjectReport[] = [];
  await stats.measure('judge', async () => {
    for (const subject of subjects) reports.push(await judgeSubject(subject, looked));
  });
  return reports;
}

interface SetSubject {
  readonly subject: Subject;
  readonly settings: SubjectSettings;
}

type LookedByImage = ReadonlyMap<string, Looked>;

/** What is looked at once: an image, with the platforms that decide which of its configs counts. */
function lookKey(image: string, { platforms }: Target): string {
  return [image, ...platforms].join(' ');
}

/** How many images are looked at side by side: enough to hide latency, few enough to be polite to one registry. */
const LOOKS_AT_ONCE = 8;

async function lookAtAll(subjects: readonly SetSubject[], lookAtImage: LookAtImage): Promise<LookedByImage> {
  const plans = new Map<string, { name: ImageName; wanted: Set<FactName>; platforms: readonly string[] }>();
  for (const { subject, settings } of subjects) {
    if (subject.image === undefined || templateVariable(subject) !== undefined) continue;
    const wanted = factsWanted(settings.rules, contextOf(subject, settings.target));
    if (wanted.size === 0) continue;
    const key = lookKey(subject.image.text, settings.target);
    const { platforms } = settings.target;
    const plan = plans.get(key) ?? { name: subject.image, wanted: new Set<FactName>(), platforms };
    for (const fact of wanted) plan.wanted.add(fact);
    plans.set(key, plan);
  }
  const looked = new Map<string, Looked>();
  const queue = [...plans];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [key, plan] = next;
      looked.set(key, await lookAtImage(plan.name, plan.wanted, plan.platforms));
    }
  };
  await Promise.all(Array.from({ length: Math.min(LOOKS_AT_ONCE, queue.length) }, worker));
  return looked;
}

async function judgeSubject({ subject, settings }: SetSubject, looked: LookedByImage): Promise<SubjectReport> {
  const base = contextOf(subject, settings.target);
  const { facts, missing } = factsOf(subject, looked, base, settings.rules);
  const workload = await workloadOf(subject, facts);
  const context: RuleContext = { ...base, facts, ...(workload === undefined ? {} : { workload }) };
  const judged = judge(settings.rules, context, missing);
  return {
    kind: subject.kind,
    source: subject.source,
    target: settings.target,
    verdict: verdictOf(judged.findings),
    ...judged,
    notChecked: [...judged.notChecked, ...unresolvedVariables(subject), ...unreadFile(subject)],
    ...(subject.job === undefined ? {} : { job: subject.job }),
    ...(workload === undefined ? {} : { workload }),
    ...(subject.image === undefined ? {} : { image: imageOf(subject.image, facts) }),
  };
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

function contextOf(subject: Subject, target: Target): Omit<RuleContext, 'facts' | 'workload'> {
  return { ...subject, target };
}

/** The name of the template variable that the image depends on, if it has no value. */
function templateVariable(subject: Subject): string | undefined {
  const at = subject.image?.at.span;
  if (at === undefined) return undefined;
  return subject.job?.unresolved.find(({ span }) => span.start >= at.start && span.end <= at.end)?.value;
}

/** What depends on a variable without a value was read with a stand-in, which is no pass. */
function unresolvedVariables({ job }: Subject): NotChecked[] {
  if (job === undefined || job.unresolved.length === 0) return [];
  const names = [...new Set(job.unresolved.map(({ value }) => value))];
  const listed = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
  const reason =
    job.origin === 'command'
      ? `only your own shell knows ${listed}`
      : `template variable ${listed} without a value; give it with --var ${names[0] ?? 'NAME'}=VALUE`;
  return [{ fact: 'job.variables', reason, rules: [] }];
}

function unreadFile({ dockerfile }: Subject): NotChecked[] {
  return dockerfile?.unread === undefined ? [] : [{ fact: 'dockerfile', reason: dockerfile.unread, rules: [] }];
}

function factsOf(
  subject: Subject,
  looked: LookedByImage,
  context: Omit<RuleContext, 'facts' | 'workload'>,
  rules: readonly Rule[],
): Looked {
  const found = subject.image === undefined ? undefined : looked.get(lookKey(subject.image.text, context.target));
  if (found !== undefined) return found;
  // A subject without an image has nothing there to look at: that is clean, and no fact is missing.
  const variable = templateVariable(subject);
  if (variable === undefined) return { facts: {}, missing: {} };
  const reason = `the variable ${variable} has no value here`;
  const missing: Partial<Record<FactName, string>> = {};
  for (const fact of factsWanted(rules, context)) missing[fact] = reason;
  return { facts: {}, missing };
}

/** What the container will run; the readers of commands are loaded only for subjects that run something. */
async function workloadOf(subject: Subject, facts: Facts): Promise<RuleContext['workload']> {
  const config = facts['image.config'];
  const docker = subject.job?.task?.engine?.docker;
  const stage = subject.dockerfile?.final;
  if (docker === undefined && stage === undefined && config === undefined) return undefined;
  const { readWorkload } = await import('../workload/read.js');
  const env = subject.job?.task?.env;
  return readWorkload({
    configKnown: config !== undefined,
    source: subject.source,
    ...(env === undefined ? {} : { env }),
    ...(docker === undefined ? {} : { docker }),
    ...(stage === undefined ? {} : { dockerfile: stage }),
    ...(config === undefined ? {} : { config }),
  });
}

/** The earliest stage at which an error strikes. */
function verdictOf(findings: readonly Finding[]): Stage | 'ok' {
  const stages = new Set(findings.filter(({ severity }) => severity === 'error').map(({ stage }) => stage));
  return STAGES.find((stage) => stages.has(stage)) ?? 'ok';
}
