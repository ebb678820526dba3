import { describe, expect, test } from '@jest/globals';
import { colours } from '../../src/report/colour.js';
import { askingTexts, narrator, progressTexts } from '../../src/report/dry-run.js';

const GB = { files: 3, bytes: 2e9 };

async function written(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const parts: string[] = [];
  const told = narrator({ ...stream, write: (text) => parts.push(text) }, await colours({ NO_COLOR: '1' }, false), env);
  told.status(progressTexts('/in', { files: 1, bytes: 1e9 }, GB));
  told.status(progressTexts('/in', { files: 1, bytes: 1_000_000_001 }, GB));
  told.row('run', 'true');
  told.status(['more']);
  told.endOutput();
  return parts.join('').replaceAll('\r\u001b[K', '<');
}

describe('what is on its way', () => {
  test('is written over on a terminal, only when it changes, and leaves nothing', async () => {
    expect(await written({ isTTY: true, columns: 80 })).toBe(
      '<         /in  █████░░░░░  1 GB of 2 GB, file 2 of 3<run      true\n<more<',
    );
  });

  test.each([{ isTTY: false, columns: 80 }, {}])('is not written to a file: %j', async (stream) => {
    expect(await written(stream)).toBe('run      true\n');
  });

  test('is not written to a terminal that cannot', async () => {
    expect(await written({ isTTY: true, columns: 80 }, { TERM: 'dumb' })).toBe('run      true\n');
  });

  test.each([
    [52, '         /in  █████░░░░░  1 GB of 2 GB, file 2 of 3'],
    [51, '/in  █████░░░░░  1 GB of 2 GB'],
    [29, '█████░░░░░  1 GB of 2 GB'],
    [24, '1 GB of 2 GB'],
    [12, '1 GB'],
    [6, '1 GB'],
  ])('fits into a window of %d columns', async (columns, text) => {
    expect((await written({ isTTY: true, columns })).split('<')[1]).toBe(text);
  });

  test('is left out where nothing fits', async () => {
    expect(await written({ isTTY: true, columns: 4 })).toBe('run      true\n');
  });

  test('counts wide characters as wide, and shows hostile ones', async () => {
    const parts: string[] = [];
    const stream = { isTTY: true, columns: 20, write: (text: string) => parts.push(text) };
    narrator(stream, await colours({ NO_COLOR: '1' }, false), {}).status(['日本語日本語日本語日', '\u001b[2J\n']);
    expect(parts).toEqual(['\r\u001b[K\\x1b[2J\\x0a']);
  });

  test.each([
    [{ files: 0, bytes: 5 }, { files: 1, bytes: 10 }, '/in  █████░░░░░  5 B of 10 B'],
    [{ files: 3, bytes: 10 }, { files: 3, bytes: 10 }, '/in  ██████████  10 B of 10 B, file 3 of 3'],
    [{ files: 0, bytes: 0 }, { files: 2, bytes: 0 }, '/in  ██████████  0 B of 0 B, file 1 of 2'],
    [{ files: 2, bytes: 10 }, undefined, '/in  10 B, 2 files'],
    [{ files: 0, bytes: 10 }, undefined, '/in  10 B'],
  ])('%j of %j', (done, total, text) => expect(progressTexts('/in', done, total)[0]?.trim()).toBe(text));

  test('until something comes, says what is asked for', () => {
    expect(askingTexts('/in', 's3://b/k/')).toEqual([
      '         /in  asking for s3://b/k/ …',
      '/in  asking …',
      'asking …',
    ]);
  });
});
