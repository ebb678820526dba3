import { compareReleases } from '../target/release.js';
import type { Facts, RuleContext } from './rule.js';
import type { Subject } from './subject.js';

/** What the container will run; the readers of commands are loaded only for subjects that run something. */
export async function workloadOf(subject: Subject, facts: Facts, release?: string): Promise<RuleContext['workload']> {
  const config = facts['image.config'];
  const docker = subject.job?.task?.engine?.docker;
  const stage = subject.dockerfile?.final;
  if (docker === undefined && stage === undefined && config === undefined) return undefined;
  const { readWorkload } = await import('../workload/read.js');
  // Before 1.6.1 the Env of a spec did not reach docker containers; what a command line gives did.
  const dropped = release !== undefined && subject.job?.origin === 'spec' && compareReleases(release, '1.6.1') < 0;
  const env = dropped ? undefined : subject.job?.task?.env;
  return readWorkload({
    configKnown: config !== undefined,
    source: subject.source,
    ...(env === undefined ? {} : { env }),
    ...(docker === undefined ? {} : { docker }),
    ...(stage === undefined ? {} : { dockerfile: stage }),
    ...(config === undefined ? {} : { config }),
  });
}
