import type { RE2JS } from 're2js';
import type { S3Partition } from '../../job/s3-partition.js';
import { goDate } from '../../text/go-date/go-date.js';
import { compilePattern } from './filter.js';

/** Says whether an execution takes the object of a key. */
export type KeyChoice = (key: string) => boolean;

/** Objects of which nothing can be told by go to the first execution. */
const FALLBACK = 0;
/** Joins what the groups of a Pattern found; no key can hold it. */
const SEPARATOR = '\u001f';

/**
 * Gives the objects that one of several executions takes, as a node divides them (`PartitionObjects` of
 * `pkg/s3/partitioning.go`, release 1.9): a part of the key is hashed, and the rest of a division decides.
 *
 * @param key the Key of the input, whose part before the `*` is taken off the keys of objects
 * @param index of the execution, from 0
 * @param count of executions, at least 1
 * @returns the choice, or why the Pattern is no regular expression of Go
 */
export async function choosePartition(
  partition: S3Partition,
  key: string,
  { index, count }: { readonly index: number; readonly count: number },
): Promise<{ readonly ok: true; readonly takes: KeyChoice } | { readonly ok: false; readonly problem: string }> {
  const part = await partReader(partition);
  if (!part.ok || count === 1 || part.of === undefined) return part.ok ? { ok: true, takes: () => true } : part;
  const prefix = key.trim().replace(/\*$/, '');
  const { of } = part;
  return {
    ok: true,
    takes: (full) => {
      const rest = full.startsWith(prefix) ? full.slice(prefix.length) : full;
      const hashed = of(full, rest.replace(/^\//, ''));
      return (hashed === undefined ? FALLBACK : fnv1a(hashed) % count) === index;
    },
  };
}

/** Gives what is hashed of an object, by its whole key and what follows the prefix; undefined when there is nothing. */
type PartReader = (key: string, rest: string) => string | undefined;

async function partReader(
  partition: S3Partition,
): Promise<
  { readonly ok: true; readonly of: PartReader | undefined } | { readonly ok: false; readonly problem: string }
> {
  switch (partition.by) {
    case 'none':
      return { ok: true, of: undefined };
    case 'object':
      return { ok: true, of: (key) => key };
    case 'regex': {
      const compiled = await compilePattern(partition.pattern);
      return compiled.ok ? { ok: true, of: (_, rest) => found(compiled.pattern, rest) } : compiled;
    }
    case 'substring': {
      const { start, end } = partition;
      return { ok: true, of: (_, rest) => characters(rest, start, end) };
    }
    case 'date': {
      // Go cuts the text, and reads it, byte by byte.
      const layout = Buffer.from(partition.layout).toString('latin1');
      const dateIn = (rest: string): string | undefined =>
        goDate(layout, Buffer.from(rest).toString('latin1').slice(0, layout.length));
      const asText = (date: string | undefined): string | undefined =>
        date === undefined ? undefined : Buffer.from(date, 'latin1').toString();
      return { ok: true, of: (_, rest) => asText(dateIn(rest)) };
    }
  }
}

/** What the groups found, else the whole match; a match of nothing counts as none. */
function found(pattern: RE2JS, rest: string): string | undefined {
  const matcher = pattern.matcher(rest);
  if (!matcher.find() || matcher.group() === '') return undefined;
  const groups = Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1) ?? '');
  const parts = groups.filter((group) => group !== '');
  return parts.length === 0 ? (matcher.group() ?? undefined) : parts.join(SEPARATOR);
}

/** Characters are those of Unicode. */
function characters(rest: string, start: number, end: number): string | undefined {
  const all = Array.from(rest);
  return all.length < end ? undefined : all.slice(start, end).join('');
}

/** FNV-1a with 32 bits, over the UTF-8 of a text. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
