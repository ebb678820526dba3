import type { SubjectReport } from '../check/finding.js';
import type { Facts } from '../check/rule.js';
import type { ImageConfig } from '../image/facts.js';
import type { RunStats } from '../stats/stats.js';
import type { Target } from '../target/target.js';
import { looksSecret } from '../text/secret.js';
import type { Workload } from '../workload/workload.js';
import { jsonForTerminal } from './escape.js';
import { inspectionText } from './inspection-text.js';
import { nodeAnswer } from './node-answer.js';
import { statsJson } from './stats.js';
import { workloadJson } from './workload-view.js';

/** An image that was looked at, as it is told. */
export interface Inspection {
  readonly reference: string;
  readonly facts: Facts;
  readonly target: Target;
  /** What the rules say of the image by itself. */
  readonly report: SubjectReport;
  readonly stats?: RunStats | undefined;
  /** What the container runs with the job that was given beside it. */
  readonly workload?: Workload | undefined;
}

/** Gives what `inspect` prints: one screen for people, or JSON for programs. Values that look secret are left out. */
export function inspection(inspected: Inspection, format: 'pretty' | 'json'): string {
  const { reference, facts, target, report, workload } = inspected;
  return format === 'json' ? inspectionJson(inspected) : inspectionText(reference, facts, target, report, workload);
}

function inspectionJson({ reference, facts, target, report, stats, workload }: Inspection): string {
  const { 'image.platforms': platforms, 'image.config': config, 'image.access': access } = facts;
  const { would, lines } = nodeAnswer(facts, report);
  const document = {
    version: 1,
    reference,
    source: platforms?.source ?? config?.source,
    digest: platforms?.digest,
    access: access?.kind,
    platforms: platforms?.platforms ?? [],
    target: { name: target.name, platforms: target.platforms },
    config: config === undefined ? undefined : configJson(config),
    node: { would, because: lines },
    ...(workload === undefined ? {} : { job: workloadJson(workload) }),
    ...(stats === undefined ? {} : { stats: statsJson(stats) }),
  };
  return `${jsonForTerminal(document)}\n`;
}

function configJson(config: ImageConfig): object {
  return {
    platform: config.platform,
    digest: config.digest,
    created: config.created,
    size: config.size,
    layers: config.layers,
    entrypoint: config.entrypoint,
    cmd: config.cmd,
    command: [...config.entrypoint, ...config.cmd],
    user: config.user,
    workingDir: config.workingDir,
    env: config.env.map(nameOf),
    envValues: Object.fromEntries(config.env.map(valueOf)),
    volumes: config.volumes,
    exposedPorts: config.exposedPorts,
    labels: config.labels,
    healthcheck: config.hasHealthcheck,
  };
}

function nameOf(assignment: string): string {
  return assignment.split('=', 1)[0] ?? '';
}

/** Null in place of a value that looks secret. */
function valueOf(assignment: string): [string, string | null] {
  const name = nameOf(assignment);
  const value = assignment.slice(name.length + 1);
  return [name, looksSecret(name, value) ? null : value];
}
