import { expect, test } from '@jest/globals';
import { isInputsPath, isOutputsPath, isSystemPath, namesOutputs, topFolder } from '../../src/workload/folders.js';

test.each([
  ['/', '/', true],
  ['/etc/a', '/etc', true],
  ['/tmp', '/tmp', true],
  ['/etcetera', '/etcetera', false],
  ['/app/etc', '/app', false],
])('%s', (path, top, system) => {
  expect(topFolder(path)).toBe(top);
  expect(isSystemPath(path)).toBe(system);
});

test.each(['/outputs', '/output/a', '/results/a/b'])('%s means results', (path) => {
  expect(isOutputsPath(path)).toBe(true);
});
test.each(['/inputs', '/input/a'])('%s means inputs', (path) => {
  expect(isInputsPath(path)).toBe(true);
});
test.each(['/outputs2', '/a/outputs', '/inputs.csv', '/a/inputs'])('%s means neither', (path) => {
  expect(isOutputsPath(path) || isInputsPath(path)).toBe(false);
});
test.each(['outputs', './outputs', '../outputs/a', '../../outputs/', './../outputs/a/b'])(
  '%s names outputs',
  (text) => {
    expect(namesOutputs(text)).toBe(true);
  },
);
test.each(['/outputs', 'outputs2', 'a/outputs', '.outputs', '.../outputs', 'my-outputs/a'])('%s does not', (text) => {
  expect(namesOutputs(text)).toBe(false);
});
