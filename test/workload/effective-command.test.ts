import { describe, expect, test } from '@jest/globals';
import { readDockerfile } from '../../src/dockerfile/read.js';
import type { ImageConfig } from '../../src/image/facts.js';
import type { DockerParams, LocatedList } from '../../src/job/job-spec.js';
import { sourceText } from '../../src/text/source.js';
import { effectiveCommand } from '../../src/workload/effective-command.js';
import type { EffectiveCommand } from '../../src/workload/workload.js';

const SPAN = { span: { start: 0, end: 0 } };

function list(values: readonly string[] | undefined): LocatedList | undefined {
  return values === undefined ? undefined : { ...SPAN, items: values.map((value) => ({ ...SPAN, value })) };
}

function docker(entrypoint?: readonly string[], parameters?: readonly string[]): DockerParams {
  const [e, p] = [list(entrypoint), list(parameters)];
  return {
    at: SPAN,
    environmentVariables: [],
    ...(e === undefined ? {} : { entrypoint: e }),
    ...(p === undefined ? {} : { parameters: p }),
  };
}

function config(entrypoint: readonly string[], cmd: readonly string[]): ImageConfig {
  return {
    source: 'registry',
    platform: 'linux/amd64',
    entrypoint,
    cmd,
    env: [],
    user: '',
    workingDir: '',
    volumes: [],
    exposedPorts: [],
    labels: {},
    hasHealthcheck: false,
  };
}

function told(command: EffectiveCommand): unknown[] {
  return [command.words.map(({ text }) => text).join(' '), command.complete, command.entrypoint, command.arguments];
}

describe('job and image', () => {
  test.each([
    [undefined, undefined, ['e'], ['c'], 'e c', 'image', 'image'],
    [undefined, ['p'], ['e'], ['c'], 'e p', 'image', 'job'],
    [['x'], undefined, ['e'], ['c'], 'x', 'job', 'none'],
    [['x'], ['p'], ['e'], ['c'], 'x p', 'job', 'job'],
    [[], [], ['e'], ['c'], 'e c', 'image', 'image'],
    [undefined, ['p'], [], ['c'], 'p', 'none', 'job'],
    [undefined, undefined, [], [], '', 'none', 'none'],
  ])('%j + %j on %j + %j', (entrypoint, parameters, imageEntrypoint, cmd, words, from, args) => {
    const command = effectiveCommand({
      docker: docker(entrypoint, parameters),
      config: config(imageEntrypoint, cmd),
      configKnown: true,
    });
    expect(told(command)).toEqual([words, true, from, args]);
    expect(command.workingDir).toBe('/');
  });

  test('an image that was not seen', () => {
    const parameters = effectiveCommand({ docker: docker(undefined, ['p']), configKnown: false });
    expect(told(parameters)).toEqual(['p', false, 'unknown', 'job']);
    expect(parameters.words[0]?.origin).toBe('guess');
    expect(parameters.workingDir).toBeUndefined();
    const both = effectiveCommand({ docker: docker(['x'], ['p']), configKnown: false });
    expect(told(both)).toEqual(['x p', true, 'job', 'job']);
    expect(both.words[0]?.origin).toBe('exec');
  });
});

describe('Dockerfile', () => {
  test.each([
    ['FROM a\nENTRYPOINT ["e"]\nCMD ["c"]', 'e c', true],
    ['FROM a\nENTRYPOINT ["e"]', 'e', true],
    ['FROM a\nCMD ["c"]', 'c', false],
    ['FROM a', '', false],
    ['FROM scratch\nCMD ["/c"]', '/c', true],
    ['FROM a\nENTRYPOINT run it', '/bin/sh -c run it', true],
    ['FROM a\nSHELL ["/bin/bash", "-ec"]\nENTRYPOINT run it', '/bin/bash -ec run it', true],
  ])('%j', (text, words, complete) => {
    const dockerfile = readDockerfile(sourceText('Dockerfile', text)).final;
    if (dockerfile === undefined) throw new Error('no stage');
    const command = effectiveCommand({ dockerfile, configKnown: false });
    expect([command.words.map((word) => word.text).join(' '), command.complete]).toEqual([words, complete]);
  });
});
