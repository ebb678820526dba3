import { defineRule } from '../../src/check/rule.js';
import { resolvePath } from '../../src/text/posix-path.js';
import { compareReleases } from '../../src/target/release.js';
import { unfilledPart } from '../../src/job/unfilled.js';

const jobWith = (path: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    Publisher: { Type: local }
    ResultPaths: [{ Name: out, Path: "${path}" }]
`;

export default defineRule({
  id: 'output/result-path',
  stage: 'run',
  severity: 'error',
  title: 'Result path is no place to mount at',
  why:
    'A result path is a folder of the node that is mounted into the container. Docker refuses to mount over the root ' +
    "(\"destination can't be '/'\"), and wants an absolute path, which `bacalhau` itself checks only since 1.5.1.",
  remedy: 'Let the program write into a folder of its own, such as /outputs, and collect that.',
  examples: {
    bad: [
      { job: jobWith('/'), expect: { stage: 'run', severity: 'error', at: '/', message: 'root' } },
      { job: jobWith('/out/..'), expect: { stage: 'run', severity: 'error', at: '/out/..', message: 'root' } },
      {
        job: jobWith('outputs'),
        target: '1.4',
        expect: { stage: 'run', severity: 'error', at: 'outputs', message: 'absolute' },
      },
    ],
    good: [
      { job: jobWith('/outputs') },
      { title: 'a template variable without a value', job: jobWith('{{.out}}') },
      { title: 'refused by the client, which another rule says', job: jobWith('outputs') },
    ],
  },
  *check({ job, target }) {
    if (job?.task?.engine?.docker === undefined) return;
    for (const { path } of job.task.resultPaths) {
      const text = path?.value.trim() ?? '';
      if (path === undefined || text === '' || unfilledPart(text)?.kind === 'template') continue;
      if (!text.startsWith('/')) {
        if (compareReleases(target.bacalhau, '1.5.1') >= 0) continue;
        yield { at: path, message: `The result path ${text} is not absolute: Docker refuses to make the container.` };
      } else if (resolvePath('/', text) === '/') {
        yield { at: path, message: 'The result path is the root of the container: Docker refuses to mount over it.' };
      }
    }
  },
});
