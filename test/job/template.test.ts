import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JobSpec } from '../../src/job/job-spec.js';
import { readJobSpec } from '../../src/job/read.js';
import { takeOutTemplate } from '../../src/job/template.js';
import { sourceText } from '../../src/text/source.js';

function readText(text: string, variables: Readonly<Record<string, string>> = {}): JobSpec {
  const job = readJobSpec(sourceText('job.yaml', text), { variables: new Map(Object.entries(variables)) });
  // That `job validate` trips over bare braces is told of many of these texts, and is not what they are about.
  return { ...job, problems: job.problems.filter(({ quote }) => quote !== 'invalid map key') };
}

/** A job with a template as its name. */
function named(action: string, variables: Readonly<Record<string, string>> = {}): JobSpec {
  const text = `Name: '${action}'\nType: batch\nCount: 1\nTasks:\n  - Name: main\n    Engine: { Type: docker, Params: { Image: "alpine:3.20" } }\n`;
  return readText(text, variables);
}

describe('what an action prints', () => {
  test.each<[action: string, variables: Record<string, string>, printed: string]>([
    ['{{.name}}', { name: 'a' }, 'a'],
    ['{{ .name }}-{{ .name }}', { name: 'a' }, 'a-a'],
    ['{{- .name -}}', { name: 'a' }, 'a'],
    ['{{$.name}}', { name: 'a' }, 'a'],
    ['{{index . "name"}}', { name: 'a' }, 'a'],
    ['{{or (index . "name") "b"}}', { name: 'a' }, 'a'],
    ['{{or (index . "name") "b"}}', {}, 'b'],
    ['{{or (index . "name") "b"}}', { name: '' }, 'b'],
    ['{{or (index . "x") (index . "y") `c`}}', { y: 'b' }, 'b'],
    ['{{or (index . "n") 5}}', {}, '5'],
    ['{{and (index . "name") "b"}}', { name: 'a' }, 'b'],
    ['{{printf "%s-%d" .name 3}}', { name: 'a' }, 'a-3'],
    ['{{.name | printf "<%s>"}}', { name: 'a' }, '<a>'],
    ['{{"{{"}}.Id{{"}}"}}', {}, '{{.Id}}'],
    ['{{`{{.Id}}`}}', {}, '{{.Id}}'],
    ['{{/* a comment */}}a', {}, 'a'],
    ['{{if .gpu}}big{{else}}small{{end}}', { gpu: '1' }, 'big'],
    ['{{if .gpu}}big{{else}}small{{end}}', { gpu: '' }, 'small'],
    ['{{if (index . "gpu")}}big{{else}}small{{end}}', {}, 'small'],
    ['{{if eq .size "a"}}1{{else if eq .size "b"}}2{{else}}3{{end}}', { size: 'b' }, '2'],
    ['{{if not (index . "x")}}{{if .y}}1{{end}}{{end}}', { y: 'y' }, '1'],
    ['{{with .name}}{{end}}x', { name: 'a' }, 'x'],
    ['{{$n := or (index . "name") "b"}}{{$n}}', {}, 'b'],
    ['{{define "x"}}y{{end}}z', {}, 'z'],
  ])('%s with %j', (action, variables, printed) => {
    const job = named(action, variables);
    expect(job.problems).toEqual([]);
    expect(job.unresolved).toEqual([]);
    expect(job.name?.value.trim()).toBe(printed);
  });
});

describe('a variable without a value is named, and may be anything', () => {
  test.each<[action: string, names: string[]]>([
    ['{{.name}}', ['name']],
    ['{{.a}}-{{.b}}', ['a', 'b']],
    ['{{index . "name"}}', ['name']],
    ['{{or .name "b"}}', ['name']],
    ['{{printf "%s" .name}}', ['name']],
    ['{{.name | js}}', ['name']],
    ['{{if .gpu}}{{.big}}{{else}}{{.small}}{{end}}', ['gpu', 'big']],
    ['{{range .all}}{{.}}{{end}}', ['all', '.']],
    ['{{len .name}}', ['name']],
  ])('%s', (action, names) => {
    const job = named(action);
    expect(job.problems).toEqual([]);
    expect(job.unresolved.map(({ value }) => value)).toEqual(names);
  });

  test.each([
    'Count: {{.n}}',
    'Count: {{ .n }}',
    'Type: {{.type}}',
    'Type: "{{.type}}"',
    'Name: {{.a}}-{{.b}}',
    'Priority: {{ .p }}',
    'Labels: {{.labels}}',
    'Labels: { "{{.key}}": x }',
    'Labels: { a: {{.v}} }',
    'Constraints: [{ Key: a, Operator: {{.op}}, Values: ["{{.v}}"] }]',
    'Namespace: {{if .team}}"{{.team}}"{{else}}default{{end}}',
    '{{if .labels}}Labels:\n  a: "{{.a}}"\n{{end}}',
    '{{- if .labels }}\nLabels:\n  a: "{{.a}}"\n{{- end }}',
    '{{range .labels}}# {{.}}\n{{end}}',
  ])('%s', (line) => {
    const key = line.split(':')[0];
    const rest = ['Type: batch', 'Count: 1'].filter((other) => !other.startsWith(`${key}:`)).join('\n');
    const task =
      'Tasks:\n  - Name: "{{.task}}"\n    Engine: { Type: docker, Params: { Image: "{{.image}}:{{.tag}}" } }\n';
    const resources =
      '    Resources: { CPU: "{{.cpu}}", Memory: "{{.memory}}Gb" }\n    Timeouts: { TotalTimeout: {{.t}} }\n';
    const network =
      '    Network: { Type: {{.mode}}, Domains: ["{{.host}}"] }\n    Env: { "{{.name}}": "{{.value}}" }\n';
    const paths =
      '    Publisher: { Type: "{{.publisher}}" }\n    ResultPaths: [{ Name: "{{.r}}", Path: "{{.path}}" }]\n';
    const inputs =
      '    InputSources: [{ Target: "{{.in}}", Source: { Type: "{{.source}}", Params: { CID: "{{.cid}}" } } }]\n';
    const job = readText(`${line}\n${rest}\n${task}${resources}${network}${paths}${inputs}`);
    expect(job.problems).toEqual([]);
    expect(job.unresolved.length).toBeGreaterThan(10);
  });

  test('values are read as they are typed', () => {
    const text = (count: string): string =>
      `Type: batch\nCount: ${count}\nTasks: [{ Name: a, Engine: { Type: docker, Params: { Image: a } } }]\n`;
    expect(readText(text('{{.n}}'), { n: '3' }).count?.value).toBe(3);
    expect(readText(text('{{.n}}'), { n: 'x' }).problems).toMatchObject([{ kind: 'wrong-type' }]);
    expect(readText(text('"{{.n}}"'), { n: '3' }).problems).toMatchObject([{ kind: 'wrong-type' }]);
    expect(readText(text('{{or (index . "n") 2}}')).count?.value).toBe(2);
    expect(readText(text('1').replace('batch', '{{.t}}'), { t: 'Batch' }).problems[0]?.replacement).toBeUndefined();
  });
});

describe('branches stand where they are printed', () => {
  const task = 'Tasks: [{ Name: a, Engine: { Type: docker, Params: { Image: "a:1" } } }]\n';

  test.each([
    ['{{if .big}}Count: 3\n{{else}}Count: 1\n{{end}}Type: batch\n'],
    ['{{if .big}}Count: 3{{else}}Count: 1{{end}}\nType: batch\n'],
    ['{{- if .big }}\nCount: 3\n{{- else }}\nCount: 1\n{{- end }}\nType: batch\n'],
    ['Type: batch\nCount: {{if .big}}3{{else}}1{{end}}\n'],
    ['{{$n := 1}}{{if .big}}{{$n = 3}}{{end}}Type: batch\nCount: {{$n}}\n'],
    ['{{/* head */}}{{if .big}}{{/* three */}}Count: 3\n{{else}}Count: 1\n{{end}}Type: batch\n'],
    [
      'Type: batch\nMeta:\n  {{if .big}}a: b{{end}}\n  {{if .big}}{{else}}c: d{{end}}\nCount: {{if .big}}3{{else}}1{{end}}\n',
    ],
  ])('%s', (head) => {
    for (const [big, count] of [
      ['yes', 3],
      ['', 1],
    ] as const) {
      const job = readText(head + task, { big });
      expect(job.problems).toEqual([]);
      expect(job.count?.value).toBe(count);
      expect(job.unresolved).toEqual([]);
    }
  });
});

describe('a broken template is one error, at its first place', () => {
  test.each<[text: string, at: string]>([
    ['{{name}}', '{{name}}'],
    ['{{name}} {{other}}', '{{name}}'],
    ['${{ secrets.TOKEN }}', '{{ secrets.TOKEN }}'],
    ['{{ x | default "a" }}', '{{ x | default "a" }}'],
    ['{{.x | upper}}', '{{.x | upper}}'],
    ['{{}}', '{{}}'],
    ['{{ }}', '{{ }}'],
    ['{{.x', '{{'],
    ['{{"x}}', '{{'],
    ['{{or (.x}}', '{{or (.x}}'],
    ['{{or .x)}}', '{{or .x)}}'],
    ['{{if .x}}a', '{{if .x}}'],
    ['a{{end}}', '{{end}}'],
    ['a{{else}}b', '{{else}}'],
    ['{{/* x }}', '{{/* x }}'],
    ['{{.x, .y}}', '{{.x, .y}}'],
    [`{{${'('.repeat(1000)}.x${')'.repeat(1000)}}}`, '{{('],
  ])('%s', (text, at) => {
    const job = named(text);
    expect(job.problems).toMatchObject([{ kind: 'template' }]);
    const span = job.problems[0]?.at.span ?? { start: 0, end: 0 };
    expect(job.source.text.slice(span.start, span.end).slice(0, at.length)).toBe(at);
  });

  test.each(['Name: { { .name } }', 'Name: {{.name}}: x'])('braces that are no template: %s', (line) => {
    const job = readText(`${line}\nType: batch\n`);
    expect(job.problems).toHaveLength(1);
  });
});

test('a text keeps its length and its lines', () => {
  const parts = fc.constantFrom(
    '{{',
    '}}',
    '{{.x}}',
    '{{if .x}}',
    '{{else}}',
    '{{end}}',
    '{{- "a" -}}',
    '\n',
    '\r\n',
    'a: b',
    '"',
    '😀',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(parts), (all) => {
      const text = all.join('');
      const taken = takeOutTemplate(text, new Map([['x', 'y']]));
      expect(taken.text).toHaveLength(text.length);
      expect(taken.text.split('\n').length).toBeGreaterThanOrEqual(text.split('\n').length);
      for (const [offset, { length }] of taken.actions) expect(offset + length).toBeLessThanOrEqual(text.length);
    }),
  );
});
