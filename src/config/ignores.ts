import type { Suppressor } from '../check/suppress.js';
import { matchesRule } from '../check/rule-pattern.js';
import type { Ignore, Said } from './config.js';
import { matcherOf } from './paths.js';

/** What the configuration says to ignore. */
export interface ConfigIgnores {
  /** For a file, seen from the configuration's folder. */
  readonly of: (path: string) => Suppressor | undefined;
  /** Patterns and entries that were of no use so far. */
  readonly unused: () => readonly Said<string>[];
}

/** Makes the entries of `ignore:` ready for use. */
export function configIgnores(ignores: readonly Ignore[]): ConfigIgnores {
  const entries = ignores.map((ignore) => ({ ignore, paths: matcherOf(ignore.paths), used: false }));
  return {
    of: (path) => {
      const fitting = entries.filter(({ ignore, paths }) => paths.fits(path) || ignore.paths.length === 0);
      if (fitting.length === 0) return undefined;
      return ({ rule }) => {
        const entry = fitting.find(({ ignore }) => ignore.rules.some((pattern) => matchesRule(pattern, rule)));
        if (entry === undefined) return undefined;
        entry.used = true;
        const { reason } = entry.ignore;
        return { by: 'configuration', ...(reason === undefined ? {} : { reason }) };
      };
    },
    unused: () =>
      entries.flatMap(({ ignore, paths, used }) => {
        const patterns = paths.unused();
        if (patterns.length > 0 || used) return patterns;
        return [{ value: `the ignore of ${ignore.rules.join(', ')}`, at: ignore.at }];
      }),
  };
}
