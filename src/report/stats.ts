import type { RunStats } from '../stats/stats.js';
import { sizeText } from '../text/size.js';

/** One line for people: `5 requests, 12.3 kB read, 2 answers from the cache; read 3 ms, look 120 ms, …`. */
export function statsLine({ requests, bytesRead, cacheHits, milliseconds }: RunStats): string {
  const counts = [
    count(requests, 'request'),
    `${sizeText(bytesRead)} read`,
    `${count(cacheHits, 'answer')} from the cache`,
  ];
  const times = Object.entries(milliseconds).map(([phase, time]) => `${phase} ${String(Math.round(time))} ms`);
  return `${counts.join(', ')}; ${times.join(', ')}`;
}

/** The same for programs: whole numbers. */
export function statsJson({ milliseconds, ...io }: RunStats): object {
  const rounded = Object.entries(milliseconds).map(([phase, time]): [string, number] => [phase, Math.round(time)]);
  return { ...io, milliseconds: Object.fromEntries(rounded) };
}

function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}
