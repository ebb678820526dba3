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

describe('aliases and merged mappings', () => {
  test('stand for what they name', () => {
    const text = `rules: &mild
  image/moving-tag: off
  image/platform: info
network: { sources: &types [s3], publishers: *types }
overrides:
  - { paths: &old [old/], rules: *mild }
  - { paths: *old, rules: { <<: *mild, image/platform: error } }
`;
    const result = read(text);
    expect(result).toMatchObject({ ok: true, config: { network: { value: { sources: ['s3'], publishers: ['s3'] } } } });
    if (!result.ok) return;
    const [first, second] = result.config.overrides.map(({ rules }) =>
      [...rules].map(([id, { value }]) => [id, value]),
    );
    expect(first).toEqual([
      ['image/moving-tag', 'off'],
      ['image/platform', 'info'],
    ]);
    expect(second).toEqual([
      ['image/moving-tag', 'off'],
      ['image/platform', 'error'],
    ]);
    expect(result.config.overrides.map(({ paths }) => paths.map(({ value }) => value))).toEqual([['old/'], ['old/']]);
    expect(fitsSchema(parse(text, { merge: true }))).toBe(true);
  });

  test.each([
    ['rules: &a { <<: *a }', 'more than 100 aliases'],
    ['network: { sources: *x }', 'there is no anchor &x above'],
    ['network: { sources: [*x] }', 'sources has an alias that stands for nothing'],
    ['platforms: &a [*a]', 'an item of platforms is a text'],
    ['target: *x\nfailOn: &x error', 'there is no anchor &x above'],
    [`target: &x a\nplatforms: [${'*x, '.repeat(300)}]`, 'more than 100 aliases'],
  ])('%j is told', (text, message) => {
    expect(problemsOf(text).join('\n')).toContain(message);
  });
});

test('problems come in the order of the text', () => {
  const places = problemsOf('strict: 5\nrules: { a/b: c }\nfailOn: x\nb: 1\n').map(
    (text) => /:(\d+:\d+):/.exec(text)?.[1],
  );
  expect(places).toEqual(['1:9', '2:10', '2:15', '3:9', '4:1']);
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

test('takes what the schema takes, and nothing else, of whole configurations with one thing changed', () => {
  const whole = parse(FULL) as Record<string, unknown>;
  const places = placesIn({ ...whole, insecureRegistries: [], network: { labels: { a: 'b' }, networkedJobs: 'yes' } });
  const value = fc.constantFrom<unknown>(
    ...[null, true, false, 1, 1.9, '', ' ', 'a', 'yes', 'off', 'error', 'linux/amd64', 'image/platform', '*'],
    ...[[], [''], ['a'], [1], [null], [['a']], {}, { a: 'b' }, { a: [] }, { paths: 'a' }, [{ paths: 'a' }], [{}]],
    ...[[{ rules: 'image/platform' }], [null], { 'image/platform': 'off' }, { 'image/platform': null }],
  );
  fc.assert(
    fc.property(fc.constantFrom(...places), value, (place, put) => {
      const text = stringify(changed(whole, place, put), { aliasDuplicateObjects: false });
      // which rules there are is not the schema's to know
      const result = readConfig(text, { path: 'a.yaml', cwd: '/repo', named: true });
      expect({ text, taken: result.ok }).toEqual({ text, taken: fitsSchema(parse(text)) });
    }),
    { numRuns: 500 },
  );
});

/** The path of every value in a document. */
function placesIn(data: unknown): string[][] {
  if (typeof data !== 'object' || data === null) return [[]];
  return [[], ...Object.entries(data).flatMap(([key, value]) => placesIn(value).map((rest) => [key, ...rest]))];
}

/** The document with another value at a place; what is not on the way there is made. */
function changed(data: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  if (Array.isArray(data))
    return data.map((item, index): unknown => (String(index) === key ? changed(item, rest, put) : item));
  const record: Record<string, unknown> = typeof data === 'object' && data !== null ? { ...data } : {};
  return { ...record, [key]: changed(record[key], rest, put) };
}

test('never throws on any text', () => {
  fc.assert(fc.property(fc.string(), (text) => typeof read(text).ok === 'boolean'));
});
