import { defineRule } from '../../src/check/rule.js';
import { sourceType } from '../../src/job/source-params.js';
import { replaceValue } from '../../src/text/replace.js';

const jobWith = (type: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - { Target: /data, Source: { Type: ${type}, Params: { SourcePath: /srv/data } } }
`;

export default defineRule({
  id: 'input/deprecated-source',
  stage: 'node',
  severity: 'info',
  since: '1.8',
  title: 'Source localDirectory is now called local',
  why:
    'Since 1.8 the source that mounts a path of the node is called local, and takes files as well as folders. ' +
    'localDirectory still works as another name for it.',
  remedy: 'Write local.',
  examples: {
    bad: [
      {
        job: jobWith('localDirectory'),
        expect: { stage: 'node', severity: 'info', at: 'localDirectory', message: 'old name' },
      },
    ],
    good: [
      { job: jobWith('local') },
      { job: jobWith('localDirectory'), target: '1.7' },
      { title: 'not the user chose it', command: 'bacalhau docker run -i file:///srv/data:/data alpine:3.20' },
    ],
  },
  *check({ job, source }) {
    if (job?.origin !== 'spec') return;
    for (const input of job.task?.inputs ?? []) {
      const name = input.source?.type;
      if (name === undefined || sourceType(input) !== 'localdirectory') continue;
      yield {
        at: name,
        message: `${name.value} is the old name of this source; it is called local now.`,
        fix: { title: 'Write local', safe: true, edits: [replaceValue(source, name, 'local')] },
      };
    }
  },
});
