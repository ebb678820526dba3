import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { readConfig, type ConfigResult } from '../../src/config/read.js';

const ruleIds = ['image/moving-tag', 'image/platform', 'input/unused'];

function read(text: string, named = false): ConfigResult {
  return readConfig(text, { path: 'sub/.bacalhau-preflight.yaml', cwd: '/repo', named, ruleIds });
}

function problemsOf(text: string): readonly string[] {
  const result = read(text);
  return result.ok ? [] : result.problems;
}

const schema = JSON.parse(readFileSync('src/config/config.schema.json', 'utf8')) as object;
const fitsSchema = new Ajv2020({ strict: false }).compile(schema);

const FULL = `target: 1.10
platforms: [linux/amd64, linux/arm64]
rules:
  image/moving-tag: off
  input/*: warning
network:
  sources: [s3, urlDownload]
  privateRegistries: [registry.corp:5000]
  localPaths: ["/data/**:ro"]
failOn: warning
strict: true
allowed:
  registries: [ghcr.io]
  images: acme/*
images:
  acme/wordcount: count/Dockerfile
overrides:
  - paths: [old/**]
    target: ../targets/old.yaml
    rules: { image/platform: info }
ignore:
  - { paths: legacy/, rules: [input/*], reason: nobody reads it }
baseline: known.json
plugins: [./rules.mjs]
allowHosts: registry.corp
`;

describe('reading', () => {
  test('a whole file', () => {
    const result = read(FULL, true);
    expect(result).toMatchObject({
      ok: true,
      config: {
        path: 'sub/.bacalhau-preflight.yaml',
        folder: '/repo/sub',
        target: { value: '1.10', at: { line: 1, column: 9 } },
        platforms: { value: ['linux/amd64', 'linux/arm64'] },
        network: { value: { sources: ['s3', 'urlDownload'], privateRegistries: ['registry.corp:5000'] } },
        failOn: 'warning',
        strict: true,
        allowed: { registries: ['ghcr.io'], images: ['acme/*'] },
        overrides: [{ paths: [{ value: 'old/**' }], target: { value: 'targets/old.yaml' } }],
        ignores: [{ paths: [{ value: 'legacy/' }], rules: ['input/*'], reason: 'nobody reads it' }],
        baseline: { value: 'sub/known.json' },
        plugins: [{ value: './rules.mjs' }],
        allowHosts: ['registry.corp'],
        notes: [],
      },
    });
    if (!result.ok) return;
    expect([...result.config.rules].map(([id, { value }]) => [id, value])).toEqual([
      ['image/moving-tag', 'off'],
      ['input/*', 'warning'],
    ]);
    expect(result.config.images.get('acme/wordcount')?.value).toBe('sub/count/Dockerfile');
    expect(fitsSchema(parse(FULL))).toBe(true);
  });

  test('what would run or reach something counts only in a named file', () => {
    const result = read('plugins: [./evil.mjs]\nallowHosts: [10.0.0.1]\ninsecureRegistries: [10.0.0.1]\n');
    expect(result).toMatchObject({
      ok: true,
      config: {
        plugins: [],
        allowHosts: [],
        insecureRegistries: [],
        notes: [
          'sub/.bacalhau-preflight.yaml:1:11: plugins is ignored: it counts only in a file that is named with --config',
          'sub/.bacalhau-preflight.yaml:2:14: allowHosts is ignored: it counts only in a file that is named with --config',
          'sub/.bacalhau-preflight.yaml:3:22: insecureRegistries is ignored: it counts only in a file that is named with --config',
        ],
      },
    });
  });

  test.each(['', '# nothing\n', '---\n', '\ufeffstrict: true\n', 'rules:\n', 'strict: true\r\nfailOn: never\r\n'])(
    'nothing is wrong with %j',
    (text) => {
      expect(problemsOf(text)).toEqual([]);
    },
  );

  test.each([
    ['taget: 1.9', '1:1: unknown key taget in the configuration; did you mean target?'],
    ['a: 1', '1:1: unknown key a in the configuration; known are target, platforms'],
    ['rules:\n  image/moving-tags: off', '2:3: there is no rule image/moving-tags; did you mean image/moving-tag?'],
    ['rules:\n  images/*: off', '2:3: there is no rule images/*'],
    ['rules: {image/platform: warn}', '1:25: image/platform is off, error, warning, info'],
    ['platforms: [amd64]', '1:13: amd64: expected OS/ARCH'],
    ['failOn: errors', '1:9: failOn is error, warning, info, never; did you mean error?'],
    ['strict: yes', '1:9: strict is true or false'],
    ['overrides: [{rules: {}}]', '1:13: an override needs paths'],
    ['overrides: {paths: a}', '1:12: overrides is a list'],
    ['ignore: [{reason: a}]', '1:10: an ignore needs paths or rules, or both'],
    ['ignore: [{rules: [input/unsed]}]', '1:19: there is no rule input/unsed; did you mean input/unused?'],
    ['network: {sources: s3}', '1:10: sources and publishers are lists'],
    ['network: {souces: [s3]}', '1:11: unknown key souces in network; did you mean sources?'],
    ['allowed: {images: [[a]]}', '1:20: an item of images is a text'],
    ['- a', '1:1: the configuration is a mapping'],
    ['target: [', '1:10: Flow sequence'],
    ['target: a\ntarget: b', '2:1: Map keys must be unique'],
    ['target: *x', '1:9: there is no anchor &x above'],
    ['? [a]\n: b', '1:3: the configuration: a key and a value belong here'],
  ])('%j is told with its place', (text, expected) => {
    expect(problemsOf(text).some((problem) => problem.startsWith(`sub/.bacalhau-preflight.yaml:${expected}`))).toBe(
      true,
    );
  });
});

test('never throws, and takes nothing that the schema refuses', () => {
  const scalar = fc.oneof(
    fc.constantFrom('linux/amd64', 'off', 'image/platform', '*', 'a', '1.9'),
    fc.boolean(),
    fc.integer(),
  );
  const value = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 2 }),
    fc.dictionary(
      fc.constantFrom('image/platform', 'paths', 'sources', 'registries', 'b'),
      fc.oneof(scalar, fc.array(scalar)),
      { maxKeys: 2 },
    ),
  );
  const keys = ['target', 'platforms', 'rules', 'network', 'failOn', 'strict', 'allowed', 'images', 'plugins', 'x'];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 3 }), (data) => {
      const text = stringify(data);
      if (read(text).ok) expect({ text, fits: fitsSchema(parse(text)) }).toEqual({ text, fits: true });
    }),
    { numRuns: 1000 },
  );
});

test('never throws on any text', () => {
  fc.assert(fc.property(fc.string(), (text) => typeof read(text).ok === 'boolean'));
});
