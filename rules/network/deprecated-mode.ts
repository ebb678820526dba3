import { defineRule } from '../../src/check/rule.js';
import { replaceValue } from '../../src/text/replace.js';

export default defineRule({
  id: 'network/deprecated-mode',
  stage: 'node',
  severity: 'info',
  since: '1.6.4',
  title: 'Network mode Full is the old name of Host',
  why: 'Since 1.6.4 the mode is called Host. Full is still taken and does the same, but is deprecated.',
  remedy: 'Write Host; or Bridge, if the program only calls out and needs no port of the node.',
  examples: {
    bad: [
      {
        job: `
Name: fetch
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    Network:
      Type: Full
`,
        expect: { stage: 'node', severity: 'info', at: 'Full', message: 'Host' },
      },
      {
        command: 'bacalhau docker run --network full alpine:3.20',
        expect: { stage: 'node', severity: 'info', message: 'Host' },
      },
    ],
    good: [
      { command: 'bacalhau docker run --network host alpine:3.20' },
      {
        title: 'older releases know no other name',
        command: 'bacalhau docker run --network full alpine:3.20',
        target: '1.5',
      },
    ],
  },
  *check({ job, source }) {
    const type = job?.task?.network?.type;
    if (type?.value.toLowerCase() !== 'full') return;
    const host = type.value === 'full' ? 'host' : 'Host';
    yield {
      at: type,
      message: `Network mode ${type.value} works, but is the deprecated name of Host.`,
      fix: { title: `Write ${host}`, safe: true, edits: [replaceValue(source, type, host)] },
    };
  },
});
