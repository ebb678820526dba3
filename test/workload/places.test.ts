import { expect, test } from '@jest/globals';
import { readCommandLine } from '../../src/job/command-line.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import { readJobSpec } from '../../src/job/read.js';
import { sourceText, type SourceText } from '../../src/text/source.js';
import { readWorkload } from '../../src/workload/read.js';

const job = (parameters: string): string => `Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: alpine:3.20
        Entrypoint: [/bin/sh, -c]
        Parameters:${parameters}
`;

/** The texts that the uses of a job underline in its file. */
function underlined(source: SourceText, { task }: JobSpec): string[] {
  const docker = task?.engine?.docker;
  if (docker === undefined) throw new Error('no docker job');
  const { reads, writes, network } = readWorkload({ docker, configKnown: false, source });
  return [...reads, ...writes, ...network].map(({ word: { at } }) =>
    at === undefined ? 'nothing' : source.text.slice(at.span.start, at.span.end),
  );
}

const TOLD = ['/inputs/a.csv', '/outputs/n', 'https://example.org/b'];

test.each([
  ['plain', ' [wc -l /inputs/a.csv > /outputs/n; curl https://example.org/b]'],
  ['single quotes', " ['wc -l /inputs/a.csv > /outputs/n; curl https://example.org/b']"],
  [
    'double quotes with escapes',
    ' ["echo \\"\\u00e9\\"; wc -l /inputs/a.csv > /outputs/n;\\tcurl https://example.org/b"]',
  ],
  [
    'literal',
    '\n          - |\n            echo é\n            wc -l /inputs/a.csv > /outputs/n\n            curl https://example.org/b',
  ],
  [
    'literal, deeper lines',
    '\n          - |-\n            if true; then\n              wc -l /inputs/a.csv > /outputs/n\n              curl https://example.org/b\n            fi',
  ],
  [
    'folded',
    '\n          - >\n            wc -l /inputs/a.csv\n            > /outputs/n;\n            curl https://example.org/b',
  ],
  [
    'folded, blank lines',
    '\n          - >-\n            wc -l\n            /inputs/a.csv > /outputs/n\n\n            curl https://example.org/b',
  ],
  [
    'plain over lines',
    '\n          - wc -l /inputs/a.csv\n            > /outputs/n;\n            curl https://example.org/b',
  ],
  ['a shell in a shell', ` ["bash -c 'wc -l /inputs/a.csv > /outputs/n'; curl https://example.org/b"]`],
  [
    'CRLF',
    '\r\n          - |\r\n            wc -l /inputs/a.csv > /outputs/n\r\n            curl https://example.org/b',
  ],
])('in a %s scalar each use underlines its own word', (_name, parameters) => {
  const source = sourceText('job.yaml', job(parameters));
  expect(underlined(source, readJobSpec(source)).sort()).toEqual([...TOLD].sort());
});

test.each([
  `bacalhau docker run --entrypoint sh,-c alpine:3.20 -- 'wc -l /inputs/a.csv > /outputs/n; curl https://example.org/b'`,
  `bacalhau docker run --entrypoint sh,-c alpine:3.20 -- "wc -l /inputs/a.csv > /outputs/n; curl https://example.org/b"`,
  `cd x && bacalhau docker run --entrypoint sh,-c alpine:3.20 -- "echo \\"a\\"; wc -l /inputs/a.csv > /outputs/n; curl https://example.org/b"`,
])('in a command line: %s', (line) => {
  const source = sourceText('<command>', line);
  expect(underlined(source, readCommandLine(source)).sort()).toEqual([...TOLD].sort());
});
