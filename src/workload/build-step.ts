import type { DockerfileStage } from '../dockerfile/dockerfile.js';
import type { Located, SourceText } from '../text/source.js';
import { readWorkload } from './read.js';
import type { Workload } from './workload.js';

/** Reads what one RUN of a stage visibly does while the image is built; a list in JSON is not looked into. */
export function readBuildStep(run: Located<string>, stage: DockerfileStage, source: SourceText): Workload {
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
