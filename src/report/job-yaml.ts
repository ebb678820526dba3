import { stringify } from 'yaml';
import type { SubjectReport } from '../check/finding.js';
import { plainJob } from '../job/plain-job.js';

/**
 * Gives the jobs of command lines as YAML that `bacalhau job run` takes, one document each. Lines that Bacalhau refuses
 * stand for no job; they are comments.
 */
export function jobYaml(reports: readonly SubjectReport[]): string {
  return reports
    .flatMap(({ kind, job, findings }) => {
      if (kind !== 'command' || job === undefined) return [];
      const refused = findings.some(({ severity, stage }) => severity === 'error' && stage === 'client');
      // A long line must stay one: folded, a shell text would be hard to compare with what was typed.
      return [refused ? '# bacalhau refuses this line\n' : stringify(plainJob(job), { version: '1.1', lineWidth: 0 })];
    })
    .join('---\n');
}
