import { closeSync, openSync, writeSync } from 'node:fs';
import type { CapturedText } from '../workload/run-evidence.js';

/** A node keeps no more of stdout or stderr than 1 GB (`pkg/system/utils.go`). */
export const MOST_CAPTURED = 1e9;
/** What is kept in memory of the beginning and of the end, for a look at what the program said. */
const WINDOW = 64 * 1024;

/** Takes one of the program's streams: counts it, keeps its two ends, and writes it to a file where there is one. */
export interface Capture {
  /** @throws as `fs.writeSync` does, such as on a full disk */
  readonly take: (bytes: Buffer) => void;
  readonly result: () => CapturedText;
  /** The beginning and the end, as far as they were kept; the two are the same for short texts. */
  readonly text: () => string;
  readonly close: () => void;
}

/** Starts to take a stream. What exceeds the limit is read and dropped, as on a node: the program goes on. */
export function startCapture(file?: string, most = MOST_CAPTURED): Capture {
  const descriptor = file === undefined ? undefined : openSync(file, 'wx', 0o644);
  let total = 0;
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  const keep = (bytes: Buffer): void => {
    const room = WINDOW - head.length;
    if (room > 0) head = Buffer.concat([head, bytes.subarray(0, room)]);
    if (bytes.length > room) tail = Buffer.concat([tail, bytes.subarray(Math.max(0, room))]).subarray(-WINDOW);
  };
  return {
    take: (bytes) => {
      const kept = bytes.subarray(0, Math.max(0, most - total));
      total += bytes.length;
      if (kept.length === 0) return;
      keep(kept);
      if (descriptor !== undefined) for (let at = 0; at < kept.length;) at += writeSync(descriptor, kept, at);
    },
    result: () => ({ bytes: Math.min(total, most), cut: total > most }),
    text: () => `${head.toString('utf8')}${tail.length > 0 ? `\n${tail.toString('utf8')}` : ''}`,
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}
