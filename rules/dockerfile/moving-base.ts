import { defineRule } from '../../src/check/rule.js';
import type { Dockerfile, DockerfileStage } from '../../src/dockerfile/dockerfile.js';
import { parseReference } from '../../src/image/reference.js';

/** Tags that stand for whatever is newest, by the names that projects give them. */
const MOVING = new Set([
  'latest',
  'edge',
  'nightly',
  'main',
  'master',
  'dev',
  'devel',
  'stable',
  'rolling',
  'unstable',
]);

export default defineRule({
  id: 'dockerfile/moving-base',
  stage: 'results',
  severity: 'info',
  title: 'The base image moves',
  why:
    'A tag such as `latest` names another image next month. A rebuild then changes the programs under a job that did ' +
    'not change, and results of before and after cannot be compared.',
  remedy: 'Name a version (FROM python:3.12-slim), or pin it by its digest (FROM python@sha256:…).',
  examples: {
    bad: [
      {
        dockerfile: 'FROM python\nCMD ["python", "count.py"]\n',
        expect: { stage: 'results', severity: 'info', at: 'python', message: 'no tag' },
      },
      {
        title: 'below another stage',
        dockerfile: 'FROM rocker/r-ver:latest AS base\nFROM base\nCMD ["R"]\n',
        expect: { stage: 'results', severity: 'info', at: 'rocker/r-ver:latest', message: 'tag latest' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12-slim\n' },
      { dockerfile: `FROM python@sha256:${'a'.repeat(64)}\n` },
      { title: 'nothing below', dockerfile: 'FROM scratch\nCOPY count /count\n' },
      { title: 'decided while building', dockerfile: 'ARG BASE\nFROM $BASE\n' },
      { title: 'a stage that only builds', dockerfile: 'FROM golang AS build\nFROM alpine:3.20\nCMD ["/app"]\n' },
    ],
  },
  *check({ dockerfile }) {
    const stage = lowest(dockerfile);
    if (!stage?.baseKnown || stage.fromScratch === true) return;
    const parsed = parseReference(stage.base.value);
    if (!parsed.ok || parsed.reference.digest !== undefined) return;
    const { tag } = parsed.reference;
    if (tag !== undefined && !MOVING.has(tag.toLowerCase())) return;
    const has = tag === undefined ? 'no tag, which means latest' : `the tag ${tag}`;
    yield { at: stage.base, message: `${stage.base.value} has ${has}: the next build may stand on another image.` };
  },
});

/** The stage that the final one stands on in the end, whose base is an image. */
function lowest(dockerfile: Dockerfile | undefined): DockerfileStage | undefined {
  let stage = dockerfile?.final;
  while (stage?.baseStage !== undefined) stage = dockerfile?.stages[stage.baseStage];
  return stage;
}
