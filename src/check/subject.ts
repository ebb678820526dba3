import type { Dockerfile } from '../dockerfile/dockerfile.js';
import type { ImageName } from '../image/facts.js';
import { parseImageName } from '../image/name.js';
import type { JobSpec } from '../job/job-spec.js';
import type { Place, SourceText } from '../text/source.js';
import type { SubjectKind } from './rule.js';

/** Something to check, as it was handed in. */
export interface SubjectInput {
  readonly kind: SubjectKind;
  readonly source: SourceText;
}

/** A subject after reading: what its text says, before anything outside was looked at. */
export interface Subject extends SubjectInput {
  readonly job?: JobSpec;
  readonly dockerfile?: Dockerfile;
  readonly image?: ImageName & { readonly at: Place };
}

/** What reading needs to know beside the text. */
export interface ReadOptions {
  /** Exact Bacalhau release, for what it reads differently. */
  readonly release: string;
  /** Values of Go template variables. */
  readonly variables: ReadonlyMap<string, string>;
  /** An image that stands in for the one that a job names. */
  readonly image?: string;
}

/**
 * Reads one subject. The reader of its kind is loaded on first use: a run over one job spec never loads the
 * Dockerfile reader. Bad text does not throw; its problems lie in what is given back.
 */
export async function readSubject(input: SubjectInput, options: ReadOptions): Promise<Subject> {
  switch (input.kind) {
    case 'job': {
      const { readJobSpec } = await import('../job/read.js');
      return withImage(input, readJobSpec(input.source, options), options.image);
    }
    case 'command': {
      const { readCommandLine } = await import('../job/command-line.js');
      return withImage(input, readCommandLine(input.source, options), options.image);
    }
    case 'dockerfile': {
      const { readDockerfile } = await import('../dockerfile/read.js');
      return { ...input, dockerfile: readDockerfile(input.source) };
    }
    case 'image': {
      const at: Place = { span: { start: 0, end: input.source.text.length } };
      return { ...input, image: { ...parseImageName(input.source.text), at } };
    }
  }
}

function withImage(input: SubjectInput, job: JobSpec, override: string | undefined): Subject {
  const named = job.task?.engine?.docker?.image;
  if (named === undefined) return { ...input, job };
  // A job's Image is always a registry reference: `docker-archive:` and the like mean nothing to Bacalhau.
  const name = override === undefined ? parseImageName(`docker://${named.value}`) : parseImageName(override);
  return { ...input, job, image: { ...name, text: override ?? asTyped(named.value), at: named } };
}

/** Variables of the user's own shell stand in a command line's values as `{{$NAME}}`; people wrote `$NAME`. */
function asTyped(value: string): string {
  return value.replace(/\{\{(\$[^{}]*)\}\}/g, '$1');
}
