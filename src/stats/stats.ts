/** What looking at an image or an input cost. */
export interface IoStats {
  /** Requests that were answered, those for logins, redirects and second tries with them. */
  readonly requests: number;
  /** Bytes of answers and of archives that were read; those from the cache are not among them. */
  readonly bytesRead: number;
  /** Answers that the cache on disk gave. */
  readonly cacheHits: number;
}

export const NO_IO: IoStats = { requests: 0, bytesRead: 0, cacheHits: 0 };

export function sumOfIo(parts: readonly IoStats[]): IoStats {
  let { requests, bytesRead, cacheHits } = NO_IO;
  for (const part of parts) {
    requests += part.requests;
    bytesRead += part.bytesRead;
    cacheHits += part.cacheHits;
  }
  return { requests, bytesRead, cacheHits };
}

/** What a run does, in this order: read texts, look at what they name, judge, tell. */
export type Phase = 'read' | 'look' | 'judge' | 'tell';

/** What a whole run cost. */
export interface RunStats extends IoStats {
  readonly milliseconds: Readonly<Record<Phase, number>>;
}

/** Adds up what a run costs while it goes on. */
export interface StatsCollector {
  readonly add: (part: IoStats) => void;
  /** Does a piece of work and adds its time to a phase. */
  readonly measure: <T>(phase: Phase, work: () => Promise<T>) => Promise<T>;
  readonly total: () => RunStats;
}

/** @param now a clock in milliseconds that never goes back */
export function collectStats(now: () => number = () => performance.now()): StatsCollector {
  let io = NO_IO;
  const milliseconds: Record<Phase, number> = { read: 0, look: 0, judge: 0, tell: 0 };
  return {
    add: (part) => {
      io = sumOfIo([io, part]);
    },
    measure: async (phase, work) => {
      const start = now();
      try {
        return await work();
      } finally {
        milliseconds[phase] += now() - start;
      }
    },
    total: () => ({ ...io, milliseconds: { ...milliseconds } }),
  };
}
