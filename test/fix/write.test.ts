import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeMended, writeScript } from '../../src/fix/write.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('writing a mended file', () => {
  test('keeps its mode and leaves nothing beside it', async () => {
    const path = file('job.yaml', 'a');
    chmodSync(path, 0o751);
    expect(await writeMended(path, 'a', 'b')).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe('b');
    expect(statSync(path).mode & 0o777).toBe(0o751);
    expect(readdirSync(folder)).toEqual(['job.yaml']);
  });

  test('writes to what a link leads to', async () => {
    const path = file('job.yaml', 'a');
    symlinkSync('job.yaml', join(folder, 'link.yaml'));
    expect(await writeMended(join(folder, 'link.yaml'), 'a', 'b')).toBeUndefined();
    expect(lstatSync(join(folder, 'link.yaml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('b');
  });

  test.each([
    ['changed meanwhile', 'c', 'it was changed since it was read'],
    ['in another encoding', Buffer.from('\ufeffa', 'utf16le'), 'it is not UTF-8'],
  ])('refuses a file that is %s', async (_name, there, reason) => {
    const path = file('job.yaml', there);
    expect(await writeMended(path, there === 'c' ? 'a' : '\ufeffa', 'b')).toBe(reason);
    expect(readFileSync(path)).toEqual(Buffer.from(there));
  });

  test('refuses a read-only file, also as root', async () => {
    const path = file('job.yaml', 'a');
    chmodSync(path, 0o444);
    expect(await writeMended(path, 'a', 'b')).toBe('it is read-only');
    expect(readFileSync(path, 'utf8')).toBe('a');
  });

  test('tells a file that went away', async () => {
    expect(await writeMended(join(folder, 'gone.yaml'), 'a', 'b')).toBe('there is no such file');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('writing a script', () => {
  test('may be run, and replaces an older one of ours only', async () => {
    const path = join(folder, 'mend.sh');
    expect(await writeScript(path, '#!/bin/sh\n1', '#!/bin/sh\n')).toBeUndefined();
    expect(await writeScript(path, '#!/bin/sh\n2', '#!/bin/sh\n')).toBeUndefined();
    expect(statSync(path).mode & 0o777).toBe(0o755);
    const other = file('notes.txt', 'mine');
    expect(await writeScript(other, '#!/bin/sh\n1', '#!/bin/sh\n')).toMatch(/is no script/);
    expect(readFileSync(other, 'utf8')).toBe('mine');
  });
});
