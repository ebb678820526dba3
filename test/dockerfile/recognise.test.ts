import { expect, test } from '@jest/globals';
import { looksLikeDockerfile } from '../../src/dockerfile/recognise.js';

test.each([
  ['Dockerfile', ''],
  ['a/b/Dockerfile.gpu', ''],
  ['Dockerfile-arm', ''],
  ['train.dockerfile', ''],
  ['Containerfile', ''],
  ['Dockerfile.txt', 'FROM alpine:3.20\n'],
  ['build', '# syntax=docker/dockerfile:1\n\nARG A=1\nFROM --platform=linux/amd64 alpine AS x\n'],
])('%s %j is one', (path, text) => expect(looksLikeDockerfile(path, text)).toBe(true));

test.each([
  ['Dockerfile.dockerignore', ''],
  ['Dockerfile.j2', ''],
  ['dockerfiles.md', ''],
  ['src/dockerfile.ts', 'export interface Dockerfile {}\n'],
  ['dockerfile-parser.py', 'import re\n'],
  ['load.py', 'from os import path\n'],
  ['query.sql', 'FROM a JOIN b\n'],
  ['notes', 'From me to you\n'],
  ['job.yaml', 'Name: x\nType: batch\n'],
  ['args', 'ARG A=1\n'],
])('%s %j is none', (path, text) => expect(looksLikeDockerfile(path, text)).toBe(false));
