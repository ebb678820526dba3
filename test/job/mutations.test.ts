import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCommandLine } from '../../src/job/command-line.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import { readJobSpec } from '../../src/job/read.js';
import { looksLikeJobSpec } from '../../src/job/recognise.js';
import { sourceText } from '../../src/text/source.js';

const SPEC = `# a job with one of everything
Name: count
Namespace: default
Type: batch
Count: 2
Priority: 1
Labels: { team: "data" }
Constraints:
  - Key: os_arch
    Operator: in
    Values: [amd64, arm64]
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: "acme/wordcount:1.4"
        Entrypoint: [/bin/sh, -c]
        Parameters:
          - |
            wc -l /inputs/*.csv > /outputs/n
        EnvironmentVariables: ["LANG=C", 'A=b']
        WorkingDirectory: /work
    Publisher: { Type: s3, Params: { Bucket: acme, Key: "results/{jobID}" } }
    Env: &env
      MODE: "1"
      TOKEN: env:TOKEN
    Meta: *env
    InputSources:
      - Target: /inputs
        Alias: numbers
        Source: { Type: s3, Params: { Bucket: acme, Key: in/, Partition: { Type: regex, Pattern: "^a" } } }
      - Target: /more
        Source:
          Type: urlDownload
          Params: { URL: "https://example.org/{{.name}}.csv" }
    ResultPaths:
      - { Name: out, Path: /outputs }
    Resources: { CPU: "0.5", Memory: 1Gi, Disk: 1Gb, GPU: "1" }
    Network:
      Type: HTTP
      Domains: [example.org, 10.0.0.1]
    Timeouts: { ExecutionTimeout: 60, QueueTimeout: 10, TotalTimeout: 100 }
`;

const LINE =
  'bacalhau docker run --id-only -i ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi:/in ' +
  '-i src=s3://acme/logs/,dst=/logs,opt=region=eu-west-1 --input "https://example.org/a.csv:/data" -o outputs:/outputs ' +
  "-p s3://acme/results -e A=1 -e 'B=2,C=3' --cpu 500m --memory 1Gb --network http --domain example.org " +
  '--constraints "os_arch=amd64,gpu in (a,b),!c,d > 5" -l team=data --timeout 60 --entrypoint /bin/sh,-c ' +
  'acme/wordcount:1.4 -- "cat $FILE ${OTHER:-x} | wc -l > /outputs/n" # count';

/** Words that mean something to one of the readers, and some that mean something to none. */
const TOKENS = fc.constantFrom(
  ...'null|~|{{|}}|{{.x}}|{{if .x}}|{{end}}|{{ or .a "b" }}|: |- |[|]|{|}|"|\'|`|$(|${|$X|\\|\r\n|\n|\t|\u2028|\ufeff|😀|é|---|&a|*a|<<: *env|!!str|? |%YAML 1.1|#|0x1f|-1|1e9|yes|.inf|env:|--|-i|-o|-e|=|,|&&|>|ipfs:|s3:/|:/'.split(
    '|',
  ),
  '|',
  '\0',
  '\ud800',
  'constructor',
  '__proto__',
  '  ',
  '<<',
);

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat({ max: 12 }),
  insert: fc.oneof(fc.constant(''), TOKENS, fc.string({ unit: 'binary', maxLength: 4 })),
});

function mutated(text: string, edits: readonly { at: number; remove: number; insert: string }[]): string {
  return edits.reduce((result, { at, remove, insert }) => {
    const offset = Math.floor(at * result.length);
    return result.slice(0, offset) + insert + result.slice(offset + remove);
  }, text);
}

/** Every place in a value, of whatever is in it, that does not lie in the text. */
function placesOutside(value: unknown, length: number, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const span: unknown = Reflect.get(value, 'span');
  const outside: string[] = [];
  if (typeof span === 'object' && span !== null) {
    const start: unknown = Reflect.get(span, 'start');
    const end: unknown = Reflect.get(span, 'end');
    const inside = typeof start === 'number' && typeof end === 'number' && 0 <= start && start <= end && end <= length;
    if (!inside) outside.push(`${path}: ${JSON.stringify(span)} of ${length}`);
  }
  const inner: [string, unknown][] =
    value instanceof Map ? [...value].map(([k, v]) => [String(k), v]) : Object.entries(value);
  return [...outside, ...inner.flatMap(([key, below]) => placesOutside(below, length, `${path}/${key}`))];
}

function expectSound({ source, ...job }: JobSpec): void {
  expect(placesOutside(job, source.text.length)).toEqual([]);
  for (const { message } of job.problems) {
    expect(message).not.toBe('');
    expect(message).not.toContain('undefined');
    expect(message).not.toContain('\ue000');
  }
}

test('the texts that are changed are good ones', () => {
  expect(readJobSpec(sourceText('job.yaml', SPEC)).problems).toEqual([]);
  expect(readCommandLine(sourceText('<command>', LINE)).problems).toEqual([]);
});

describe('whatever is done to a good text, reading it does not throw, and all places lie in it', () => {
  const edits = fc.array(edit, { minLength: 1, maxLength: 5 });

  test('job specs', () => {
    fc.assert(
      fc.property(edits, (all) => {
        const text = mutated(SPEC, all);
        looksLikeJobSpec(text);
        expectSound(readJobSpec(sourceText('job.yaml', text)));
      }),
      { numRuns: 1500 },
    );
  });

  test('job specs in JSON', () => {
    const json = JSON.stringify(
      {
        Type: 'batch',
        Tasks: [{ Name: 'a', Engine: { Type: 'docker', Params: { Image: 'x', Parameters: ['\n"é'] } } }],
      },
      undefined,
      2,
    );
    fc.assert(
      fc.property(edits, (all) => expectSound(readJobSpec(sourceText('job.json', mutated(json, all))))),
      { numRuns: 500 },
    );
  });

  test('command lines', () => {
    fc.assert(
      fc.property(edits, (all) => expectSound(readCommandLine(sourceText('<command>', mutated(LINE, all))))),
      { numRuns: 1500 },
    );
  });

  test('any text', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(TOKENS).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expectSound(readJobSpec(sourceText('job.yaml', text)));
        expectSound(readCommandLine(sourceText('<command>', text)));
        expectSound(readCommandLine(sourceText('<command>', `bacalhau docker run ${text}`)));
      }),
      { numRuns: 500 },
    );
  });
});

test('what looks like a job is told in one go, however it is filled', () => {
  for (const text of [`type:${'\n'.repeat(65_000)}`, `{"${'\\"'.repeat(32_000)}`, `{"a${'\\\n'.repeat(32_000)}`]) {
    expect(looksLikeJobSpec(text)).toBe(false);
  }
});
