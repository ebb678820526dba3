import { describe, expect, test } from '@jest/globals';
import { looksLikeJobSpec } from '../../src/job/recognise.js';

describe('a job spec of an older format', () => {
  test.each([
    [
      'the Spec alone',
      '{"Engine": "Docker", "Docker": {"Image": "a"}, "Deal": {"Concurrency": 1}, "Verifier": "Noop"}',
    ],
    ['Resources beside Spec', 'APIVersion: V1beta1\nSpec:\n  EngineSpec: {Type: docker}\nResources: {CPU: ""}\n'],
  ])('%s', (_, text) => {
    expect(looksLikeJobSpec(text)).toBe(true);
  });

  test.each([
    ['settings of an engine', 'engine: docker\ndocker: {image: a}\n'],
    ['a kustomization', 'apiVersion: v1\nkind: Kustomization\nresources: [a.yaml]\n'],
  ])('is not %s', (_, text) => {
    expect(looksLikeJobSpec(text)).toBe(false);
  });
});

describe('a job spec in braces', () => {
  test.each([
    ['JSON', '{"Type": "batch", "Tasks": [{"Engine": {"Type": "docker"}}]}'],
    ['plain keys', '{Name: a, Type: batch, Tasks: [{Name: main, Engine: {Type: docker}}]}'],
    ['single quotes', "{ 'job': {'tasks': [{'engine': {'type': 'docker'}}]}}"],
    ['over lines', "{\n  Type: batch,\n  Meta: {note: it's, more: 'it''s'},\n  Tasks: [{Engine: {Type: docker}}]\n}\n"],
  ])('%s', (_, text) => {
    expect(looksLikeJobSpec(text)).toBe(true);
  });

  test.each([
    ['keys further in', '{data: {Type: batch, Tasks: [{Engine: {}}]}}'],
    ['keys in a text', `{note: 'Type: batch, Tasks: Engine:'}`],
    ['a workflow', '{on: push, jobs: {Tasks: {engine: 1}}, Tasks: {}}'],
    ['a template', '{{ .Tasks }}\n'],
  ])('is not %s', (_, text) => {
    expect(looksLikeJobSpec(text)).toBe(false);
  });
});
