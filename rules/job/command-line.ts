import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/command-line',
  stage: 'client',
  severity: 'error',
  title: 'Command line is not what it looks like to Bacalhau',
  why:
    'The client of Bacalhau reads its flags itself: it refuses those that it does not know, many of which Docker knows, ' +
    'takes the first word that is no flag for the image, and reads flags behind it too, up to `--`. ' +
    'What a shell does with the line before that is not Bacalhau’s business, and is lost just the same.',
  remedy: 'A line that Bacalhau takes is: bacalhau docker run [FLAGS] IMAGE -- PROGRAM [ARGUMENTS].',
  examples: {
    bad: [
      {
        title: 'a habit from docker run',
        command: 'bacalhau docker run --rm alpine:3.20 -- echo hi',
        expect: { stage: 'client', severity: 'error', at: '--rm' },
      },
      {
        title: 'the program’s flag stands where bacalhau reads it',
        command: 'bacalhau docker run alpine:3.20 ls -la /inputs',
        expect: { stage: 'results', severity: 'warning', at: '-la', message: '--labels' },
      },
      {
        title: 'an editor made one long dash of two',
        command: 'bacalhau docker run alpine:3.20 — ls',
        expect: { stage: 'run', severity: 'error', at: '—', message: 'typographic dash' },
      },
      {
        title: 'no image',
        command: 'bacalhau docker run',
        expect: { stage: 'client', severity: 'error' },
      },
    ],
    good: [
      { command: 'bacalhau docker run alpine:3.20 -- ls -la /inputs' },
      {
        command:
          'bacalhau docker run -i ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi alpine:3.20 -- ls',
      },
    ],
  },
  check: (context) => findingsOfKind(context, 'command-line'),
});
