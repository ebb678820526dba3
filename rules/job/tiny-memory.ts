import { defineRule } from '../../src/check/rule.js';
import { readBytes } from '../../src/job/validate-resources.js';
import { replaceValue } from '../../src/text/replace.js';

/** Docker starts no container with less (moby, `daemon_unix.go`). */
const LEAST_BYTES = 6 * 1024 * 1024;

const jobWith = (memory: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/wordcount:1.4 } }
    Resources: { Memory: "${memory}" }
`;

export default defineRule({
  id: 'job/tiny-memory',
  stage: 'run',
  severity: 'error',
  title: 'Memory is too small to start a container',
  why:
    'A number without a unit is a number of bytes: Memory "512" is 512 bytes. Bacalhau accepts it and hands it to ' +
    'Docker as a hard limit, and Docker refuses to create a container with less than 6 MB.',
  remedy: 'Write the unit, such as 512Mb (10^6 bytes) or 512Mi (2^20 bytes).',
  examples: {
    bad: [
      { job: jobWith('512'), expect: { stage: 'run', severity: 'error', at: '512', message: '512 bytes' } },
      {
        command: 'bacalhau docker run --memory 4m alpine:3.20 -- true',
        expect: { stage: 'run', severity: 'error', at: '4m' },
      },
    ],
    good: [
      { job: jobWith('512Mb') },
      { job: jobWith('250m') },
      { title: 'none, which is the default', job: jobWith('0') },
      { title: 'another rule speaks of it', job: jobWith('a lot') },
    ],
  },
  *check({ job, source }) {
    const memory = job?.task?.engine?.docker === undefined ? undefined : job.task.resources.memory;
    if (memory === undefined) return;
    const text = memory.value.toLowerCase().replaceAll(' ', '');
    const bytes = readBytes(text);
    if (bytes === undefined || bytes <= 0 || bytes >= LEAST_BYTES) return;
    const meant = /^\d+$/.test(text) ? `${text}Mb` : undefined;
    yield {
      at: memory,
      message: `Memory ${memory.value} is ${String(Math.floor(bytes))} bytes, and Docker starts no container with less than 6 MB.`,
      related: [{ message: 'Docker says: Minimum memory limit allowed is 6MB' }],
      ...(meant === undefined
        ? {}
        : { fix: { title: `Write ${meant}`, safe: false, edits: [replaceValue(source, memory, meant)] } }),
    };
  },
});
