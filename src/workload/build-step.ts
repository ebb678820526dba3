import type { DockerfileStage } from '../dockerfile/dockerfile.js';
import type { Located, SourceText } from '../text/source.js';
import { readWorkload } from './read.js';
import type { Workload } from './workload.js';

/** Of a file with more such steps than anybody writes, the rest is passed over. */
const MOST_STEPS = 100;

/** One RUN with what it visibly does while the image is built. */
export interface BuildStep {
  readonly run: Located<string>;
  readonly workload: Workload;
}

/** Reads the RUN steps of a stage in whose text one of the parts stands; a list in JSON is not looked into. */
export function* buildStepsWith(
  parts: readonly string[],
  stage: DockerfileStage,
  source: SourceText,
): Iterable<BuildStep> {
  const named = stage.runs.filter(({ value }) => parts.some((part) => value.includes(part)));
  for (const run of named.slice(0, MOST_STEPS)) yield { run, workload: readBuildStep(run, stage, source) };
}

function readBuildStep(run: Located<string>, stage: DockerfileStage, source: SourceText): Workload {
  return readWorkload({
    configKnown: false,
    source,
    dockerfile: {
      ...stage,
      cmd: { form: 'exec', words: [], span: run.span },
      entrypoint: { form: 'shell', words: [run], span: run.span },
    },
  });
}
