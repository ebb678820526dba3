import { expect, test } from '@jest/globals';
import { readAhead } from '../../src/dryrun/fetch/read-ahead.js';

interface Thing {
  readonly size: number;
  readonly content: string;
}

async function* bytesOf({ content }: Thing): AsyncGenerator<Uint8Array> {
  if (content === 'broken') throw new Error('broken');
  yield await Promise.resolve(Buffer.from(content));
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('small things are asked for before their turn, large ones are not, and all come in their order', async () => {
  const opened: string[] = [];
  const things = Array.from({ length: 30 }, (_, at) => ({ size: at % 10 === 5 ? 300_000 : 2, content: String(at) }));
  const open = readAhead(things, (thing) => {
    opened.push(thing.content);
    return bytesOf(thing);
  });
  const seen: string[] = [];
  for (const thing of things) {
    seen.push(await textOf(open(thing)));
    expect(opened.filter((each) => Number(each) % 10 !== 5).length).toBeLessThanOrEqual(seen.length + 8);
    if (seen.length === 1) expect(opened).toEqual(['0', '1', '2', '3', '4', '6', '7', '8']);
  }
  expect(seen).toEqual(things.map(({ content }) => content));
  expect(opened).toHaveLength(30);
});

test('one that fails does so when its turn comes', async () => {
  const things = [
    { size: 2, content: 'ok' },
    { size: 6, content: 'broken' },
  ] as const;
  const open = readAhead<Thing>(things, bytesOf);
  expect(await textOf(open(things[0]))).toBe('ok');
  await expect(textOf(open(things[1]))).rejects.toThrow('broken');
});

test('of one that gives more than it has, no more is held than shows that', async () => {
  const thing = { size: 1, content: '' };
  let given = 0;
  const open = readAhead([thing], async function* () {
    for (;;) yield await Promise.resolve(Buffer.from(String(given++)));
  });
  expect(await textOf(open(thing))).toBe('01');
});
