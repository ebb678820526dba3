import { expect, test } from '@jest/globals';
import { sourceText } from '../../src/text/source.js';
import { languageOfScript } from '../../src/workload/programs/interpreters.js';
import { readScript } from '../../src/workload/script.js';

test.each<[string, string, string | undefined]>([
  ['/a/b.py', '', 'python'],
  ['/a/B.R', '', 'r'],
  ['/a/b.mjs', '', 'javascript'],
  ['/a/b.jl', '', 'julia'],
  ['/a/run', '#!/bin/sh\n', 'shell'],
  ['/a/run', '#!/usr/bin/env python3\n', 'python'],
  ['/a/run', '#!/usr/bin/python3.12', 'python'],
  ['/a/run', '#!/usr/bin/env -S bash -e\n', 'shell'],
  ['/a/run', '#!/usr/bin/perl\n', undefined],
  ['/a/run', '#! /usr/bin/env\n', undefined],
  ['/a/b.constructor', 'x', undefined],
  ['/a/run', '', undefined],
])('the language of %s that begins with %j', (path, text, language) => {
  expect(languageOfScript(path, text)).toBe(language);
});

test('a shell script does what the code in it does, and starts programs', () => {
  const text = `cd /data\npython -c 'import os; open("/out/a", "w").write(os.environ["A_KEY"])'\n./more.sh\n`;
  const script = readScript(sourceText('run.sh', text), '/app/run.sh', '/app', (span) => ({ span }));
  const told = script?.uses.writes.map(({ path, origin, word: { at } }) => [
    path,
    origin,
    text.slice(at?.span.start, at?.span.end),
  ]);
  expect(told).toEqual([['/out/a', 'script', '"/out/a"']]);
  expect(script?.uses.variables.map(({ name, by }) => `${by} ${name}`)).toEqual(['python A_KEY']);
  expect(script?.calls.map(({ program }) => program)).toEqual(['python', 'more.sh']);
});

test('a variable that is set before the command is none that is missing', () => {
  const text = `A=1 python -c 'import os; os.environ["A"], os.environ["B"]'\n`;
  const script = readScript(sourceText('run.sh', text), '/app/run.sh', '/app', (span) => ({ span }));
  expect(script?.uses.variables.map(({ name }) => name)).toEqual(['B']);
});
