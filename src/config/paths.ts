import ignore from 'ignore';
import type { Said } from './config.js';

/** Patterns for paths, as in `.gitignore`. */
export interface PathMatcher {
  /** Whether a path, seen from the configuration's folder, fits. */
  readonly fits: (path: string) => boolean;
  /** The patterns that fitted nothing so far. */
  readonly unused: () => readonly Said<string>[];
}

/** Makes a matcher of patterns; a later `!pattern` takes back what an earlier one fits, as in `.gitignore`. */
export function matcherOf(patterns: readonly Said<string>[]): PathMatcher {
  const all = ignore({ ignorecase: false }).add(patterns.map(({ value }) => value));
  const single = patterns.map((pattern) => ({
    pattern,
    alone: ignore({ ignorecase: false }).add(pattern.value.replace(/^!/, '')),
    used: false,
  }));
  return {
    fits: (path) => {
      for (const one of single) one.used ||= one.alone.ignores(path);
      return all.ignores(path);
    },
    unused: () => single.filter(({ used }) => !used).map(({ pattern }) => pattern),
  };
}
