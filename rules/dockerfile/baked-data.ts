import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import { isAtOrBelow } from '../../src/text/posix-path.js';
import type { Place } from '../../src/text/source.js';
import { buildStepsWith } from '../../src/workload/build-step.js';

export default defineRule({
  id: 'dockerfile/baked-data',
  stage: 'run',
  severity: 'warning',
  title: 'Files of the image lie where jobs mount something over them',
  why:
    'An input mounted at a folder takes its place: what the image has there is not seen any more, and /inputs is where ' +
    '`bacalhau docker run -i` mounts unless told otherwise. A result path is an empty folder of the node, mounted ' +
    'over /outputs or wherever the job says; what the image has there is neither seen nor collected.',
  remedy: 'Keep the files of the image somewhere else, such as /app or /data.',
  examples: {
    bad: [
      {
        dockerfile: 'FROM python:3.12\nCOPY model.bin /inputs/model.bin\n',
        expect: { stage: 'run', severity: 'warning', at: '/inputs/model.bin', message: 'hidden' },
      },
      {
        title: 'by way of the working directory',
        dockerfile: 'FROM python:3.12\nWORKDIR /outputs\nCOPY . .\nCMD ["python", "count.py"]\n',
        expect: { stage: 'run', severity: 'warning', at: '.', message: 'result path' },
      },
      {
        title: 'downloaded while the image is built',
        dockerfile: 'FROM alpine:3.20\nRUN wget -O /inputs/model.bin https://example.org/model.bin\n',
        expect: { stage: 'run', severity: 'warning', at: '/inputs/model.bin' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12\nRUN mkdir -p /inputs /outputs\nCOPY . /app\nWORKDIR /outputs\n' },
      {
        title: 'a stage that only builds',
        dockerfile: 'FROM alpine:3.20 AS data\nCOPY a /inputs/\nFROM alpine:3.20\nCOPY --from=data /inputs /data\n',
      },
      { dockerfile: 'FROM python:3.12\nCOPY a /app/inputs/\nCOPY b /input-schema.json\n' },
    ],
  },
  *check({ dockerfile, source }) {
    const final = dockerfile?.final;
    if (final === undefined) return;
    for (const { destination } of final.copies) yield* hidden(destination.value, destination);
    for (const { run, workload } of buildStepsWith(MOUNTED, final, source)) {
      for (const { path, by, word, guess, origin } of workload.writes) {
        if (guess || by === 'mkdir' || by === 'touch' || MOUNTED.includes(path)) continue;
        for (const finding of hidden(path, word.at ?? run)) yield { ...finding, evidence: origin };
      }
    }
  },
});

const MOUNTED = ['/inputs', '/outputs'];

function* hidden(path: string, at: Place): Iterable<RuleFinding> {
  const folder = MOUNTED.find((mounted) => isAtOrBelow(path, mounted));
  if (folder === undefined) return;
  const message =
    folder === '/inputs'
      ? `What the image holds in ${path} is hidden by an input that a job mounts at /inputs.`
      : `What the image holds in ${path} is hidden by a result path at /outputs, which starts empty.`;
  yield { at, confidence: 'medium', message };
}
