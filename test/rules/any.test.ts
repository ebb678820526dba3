import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import rules from '../../rules/index.js';
import { check } from '../../src/check/check.js';
import type { SubjectReport } from '../../src/check/finding.js';
import type { Facts, SubjectKind } from '../../src/check/rule.js';
import { builtInTarget } from '../../src/target/built-in.js';
import { resolveRelease } from '../../src/target/release.js';
import { sourceText } from '../../src/text/source.js';

const VALUES =
  '/ /inputs /inputs/ /outputs ./outputs ../outputs/a . .. a/b /a/../b outputs stdout {{.x}} $X ${X} <name> your-bucket ... … ' +
  'https://example.org/a.csv https://example.org/ http://h:80 ftp://h/a ipfs://x QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWNPBdG ' +
  'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWNPBdG/a logs/* *.csv logs/*/a data:text/plain,a acme/count:1 UBUNTU ubuntu:latest ' +
  'none http full host bridge default example.org .example.org *.example.org https://example.org/x 1 true constructor __proto__ \0 \u{1f600}';
const COMMANDS =
  'sh -c bash python a.py cat /inputs/a cp /etc/a /outputs/b && | > wget https://example.org/a "$X" || ;';
const LINE =
  'bacalhau docker run -i -o -p -e -w --network --domain --target all --entrypoint --publisher local -- ipfs://x:/y s3://b/k ' +
  'file:///a:/b out:/outputs A=b alpine:3.20';

const value = fc.oneof(fc.constantFrom(...VALUES.split(' ')), fc.string({ maxLength: 6 }));
const word = fc.oneof(fc.constantFrom(...COMMANDS.split(' ')), value);
const words = fc.array(word, { maxLength: 8 });
const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 3 });
const type = fc.constantFrom('s3', 'ipfs', 'urlDownload', 'local', 'localDirectory', 'inline', 'S3', 'url');
const params = fc.record(
  { Bucket: value, Key: value, CID: value, URL: value, SourcePath: value, ReadWrite: fc.boolean(), Filter: value },
  { requiredKeys: [] },
);
const task = fc.record(
  {
    Name: value,
    Engine: fc.record({
      Type: fc.constantFrom('docker', 'Docker', 'wasm'),
      Params: fc.record(
        {
          Image: value,
          Entrypoint: words,
          Parameters: words,
          WorkingDirectory: value,
          EnvironmentVariables: list(value),
        },
        { requiredKeys: ['Image'] },
      ),
    }),
    Publisher: fc.record({ Type: fc.constantFrom('local', 's3', 'ipfs', 'noop', ''), Params: params }),
    InputSources: list(fc.record({ Target: value, Alias: value, Source: fc.record({ Type: type, Params: params }) })),
    ResultPaths: list(fc.record({ Name: value, Path: value })),
    Network: fc.record({ Type: value, Domains: list(value) }, { requiredKeys: [] }),
    Env: fc.dictionary(value, value, { maxKeys: 2 }),
  },
  { requiredKeys: ['Engine'] },
);
const job = fc
  .record({ Name: value, Type: fc.constantFrom('batch', 'ops', 'service', 'daemon', 'x'), Tasks: fc.tuple(task) })
  .map((given): [SubjectKind, string] => ['job', JSON.stringify(given, undefined, 1)]);
const line = fc
  .array(fc.oneof(fc.constantFrom(...LINE.split(' ')), word), { maxLength: 14 })
  .map((given): [SubjectKind, string] => ['command', `bacalhau docker run ${given.join(' ')}`]);
const dockerfile = fc
  .array(fc.tuple(fc.constantFrom('ENTRYPOINT', 'CMD', 'USER', 'WORKDIR', 'VOLUME', 'FROM'), words), { maxLength: 6 })
  .map((given): [SubjectKind, string] => [
    'dockerfile',
    ['FROM alpine:3.20', ...given.map(([name, rest]) => `${name} ${rest.join(' ')}`)].join('\n'),
  ]);
const image = fc.record({ entrypoint: words, cmd: words, user: value, workingDir: value, volumes: list(value) });

async function checkAll(kind: SubjectKind, text: string, facts: Facts, release: string): Promise<SubjectReport> {
  const [report] = await check([{ kind, source: sourceText('any', text) }], {
    rules,
    target: builtInTarget(resolveRelease(release)),
    variables: new Map(),
    lookAtImage: () => Promise.resolve({ facts, missing: {} }),
  });
  if (report === undefined) throw new Error('no report');
  return report;
}

test('no rule throws, and every finding lies in the text and says something', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(job, line, dockerfile),
      fc.option(image, { nil: undefined }),
      fc.constantFrom('1.3', '1.5', '1.6', '1.9'),
      async ([kind, text], config, release) => {
        const plain = { source: 'registry', platform: 'linux/amd64', env: [], exposedPorts: [], labels: {} } as const;
        const facts: Facts =
          config === undefined ? {} : { 'image.config': { ...plain, ...config, hasHealthcheck: false } };
        const { findings } = await checkAll(kind, text, facts, release);
        for (const { at, related, message, fix } of findings) {
          expect(message).toMatch(/[.?!)]$/);
          expect(message).not.toMatch(/undefined|\[object/);
          for (const { span, file } of [at, ...related.flatMap((other) => other.at ?? [])]) {
            const end = file?.text.length ?? text.length;
            expect(0 <= span.start && span.start <= span.end && span.end <= end).toBe(true);
          }
          for (const { start, end } of fix?.edits ?? []) expect(start <= end && end <= text.length).toBe(true);
        }
      },
    ),
    { numRuns: 500 },
  );
});
