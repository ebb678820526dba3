import type { JobSpec } from './job-spec.js';

/**
 * Whether reading had to leave out what the text gives for a field of the job or the task, because the client refuses it (and a
 * finding says so). Then nothing is to be said about the field being missing. A line is refused as a whole: which
 * flag it was does not matter.
 */
export function isLeftOut(job: JobSpec, field: 'Count' | 'Publisher' | 'InputSources' | 'ResultPaths'): boolean {
  return job.problems.some(({ kind, severity, at }) => {
    if (kind === 'command-line') return severity === undefined || severity === 'error';
    const keys = at.pointer?.toLowerCase().split('/') ?? [];
    return kind === 'wrong-type' && keys.includes(field.toLowerCase());
  });
}
