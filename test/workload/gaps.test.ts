import { expect, test } from '@jest/globals';
import { asWritten, hasVariable, withGaps } from '../../src/workload/gaps.js';
import { pathOf } from '../../src/workload/path-words.js';

test.each([
  ['/a/{{.x}}/b', true, '/a/…/b'],
  ['{{.x}}{{$Y}}', true, '……'],
  ['{{}}', true, '…'],
  ['{ {.x} }', false, '{ {.x} }'],
  ['{a,b}', false, '{a,b}'],
])('%s', (text, has, gaps) => {
  expect(hasVariable(text)).toBe(has);
  expect(withGaps(text)).toBe(gaps);
});

test.each([
  ['/data/{{.name}}.csv', undefined, '/data/*.csv'],
  ['{{.dir}}/a.csv', '/app', undefined],
  ['/{{.dir}}/a.csv', '/app', undefined],
  ['in/{{.name}}', '/app', '/app/in/*'],
  ['in/a', undefined, undefined],
  ['/dev/stdout', undefined, undefined],
])('path of %s from %s', (text, cwd, path) => {
  expect(pathOf(text, cwd)).toBe(path);
});

test('variables of the own shell are told as they were written, those of templates as they are', () => {
  expect(asWritten('a/{{$B}}/{{$(…)}}/{{.c}}')).toBe('a/$B/$(…)/{{.c}}');
});
