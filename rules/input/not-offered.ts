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
  id: 'input/not-offered',
  stage: 'schedule',
  severity: 'error',
  title: 'No node has the source that an input names',
  why:
    'A node advertises the sources that it can fetch: ipfs only with an IPFS endpoint, s3 only with credentials, local ' +
    'under that name since 1.8. A job whose source no node has is accepted and never given to one ("does not support ' +
    '…, only …").',
  remedy: 'Use a source that the nodes have, or ask their operator for it.',
  examples: {
    bad: [
      {
        job: jobWith('local'),
        target: '1.7',
        expect: { stage: 'schedule', severity: 'error', at: 'local', message: 'local' },
      },
      {
        job: jobWith('Local'),
        target: '1.6',
        expect: { stage: 'schedule', severity: 'error', at: 'Local', message: 'no source of type Local' },
      },
    ],
    good: [
      { title: 'the same job where the source is called so', job: jobWith('local') },
      { job: jobWith('localDirectory'), target: '1.7' },
      {
        title: 'a client of that release writes localDirectory for it',
        command: 'bacalhau docker run -i file:///srv/data:/data alpine:3.20',
        target: '1.7',
      },
      { title: 'the operators decide', command: 'bacalhau docker run -i s3://acme/logs/:/inputs alpine:3.20' },
    ],
  },
  *check({ job, source, target }) {
    for (const input of job?.task?.inputs ?? []) {
      const name = input.source?.type;
      const type = sourceType(input);
      if (name === undefined || type === undefined || target.sources[type] !== 'no') continue;
      const older = type === 'local' && target.sources.localdirectory !== 'no';
      if (older && job?.origin === 'command') continue;
      yield {
        at: name,
        message: `The nodes of ${target.name} have no source of type ${name.value}: the job is never given to one.`,
        ...(older
          ? {
              remedy: 'Write localDirectory, the name of this source before 1.8.',
              fix: { title: 'Write localDirectory', safe: true, edits: [replaceValue(source, name, 'localDirectory')] },
            }
          : {}),
      };
    }
  },
});
