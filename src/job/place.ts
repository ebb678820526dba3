import type { Place } from '../text/source.js';
import type { JobSpec } from './job-spec.js';

/** Gives the place of what a job runs: its words, else its image, else the whole job. */
export function commandPlace(job: JobSpec): Place {
  const docker = job.task?.engine?.docker;
  const [first, ...rest] = [docker?.entrypoint, docker?.parameters].filter((list) => (list?.items.length ?? 0) > 0);
  const last = rest.at(-1);
  if (first !== undefined && last !== undefined && job.origin === 'command') {
    return { span: { start: first.span.start, end: last.span.end } };
  }
  return last ?? first ?? docker?.image ?? job.at;
}

/** Gives the place of the result path or input at an absolute path, else of what the job runs. */
export function mountPlace(job: JobSpec, path: string): Place {
  const { inputs = [], resultPaths = [] } = job.task ?? {};
  const targets = [...inputs.map(({ target }) => target), ...resultPaths.map((result) => result.path)];
  return targets.find((target) => target?.value.replace(/(.)\/+$/, '$1') === path) ?? commandPlace(job);
}
