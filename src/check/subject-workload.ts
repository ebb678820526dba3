import type { Facts, RuleContext } from './rule.js';
import type { Subject } from './subject.js';

/** What the container will run; the readers of commands are loaded only for subjects that run something. */
export async function workloadOf(subject: Subject, facts: Facts): Promise<RuleContext['workload']> {
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
