import type { Suppressor } from '../check/suppress.js';
import { matchesRule } from '../check/rule-pattern.js';
import type { Ignore, Said } from './config.js';
import { matcherOf } from './paths.js';

/** The rules that could say all they have to say of a file, by its path as the user typed it; undefined: not checked. */
export type SettledRules = (path: string) => ReadonlySet<string> | undefined;

/** What the configuration says to ignore. */
export interface ConfigIgnores {
  /**
   * Gives what takes out findings of a file.
   *
   * @param path seen from the configuration's folder
   * @param typed as the user typed it
   */
  readonly of: (path: string, typed: string) => Suppressor | undefined;
  /** Patterns that fitted no file so far, and entries that surely had nothing to take out. */
  readonly unused: (settled: SettledRules, ruleIds: readonly string[]) => readonly Said<string>[];
}

/** Makes the entries of `ignore:` ready for use. */
export function configIgnores(ignores: readonly Ignore[]): ConfigIgnores {
  const entries = ignores.map((ignore) => ({
    ignore,
    paths: matcherOf(ignore.paths),
    files: new Set<string>(),
    used: false,
  }));
  return {
    of: (path, typed) => {
      const fitting = entries.filter(({ ignore, paths }) => paths.fits(path) || ignore.paths.length === 0);
      if (fitting.length === 0) return undefined;
      for (const { files } of fitting) files.add(typed);
      return ({ rule }) => {
        const meant = fitting.filter(({ ignore }) => ignore.rules.some((pattern) => matchesRule(pattern, rule)));
        const [entry] = meant;
        if (entry === undefined) return undefined;
        // the others would have taken it out too: each is of use by itself
        for (const one of meant) one.used = true;
        const { reason } = entry.ignore;
        return { by: 'configuration', ...(reason === undefined ? {} : { reason }) };
      };
    },
    unused: (settled, ruleIds) =>
      entries.flatMap(({ ignore, paths, files, used }) => {
        const patterns = paths.unused();
        if (patterns.length > 0 || used) return patterns.map(fitsNone);
        const rules = ruleIds.filter((id) => ignore.rules.some((pattern) => matchesRule(pattern, id)));
        // A rule that could not look, or is off, may find something another time.
        const isSure = [...files].every((file) => rules.every((id) => settled(file)?.has(id) === true));
        return isSure
          ? [{ value: `the ignore of ${ignore.rules.join(', ')} finds nothing; it can go`, at: ignore.at }]
          : [];
      }),
  };
}

/** Says of a pattern that it fits no file. */
export function fitsNone({ value, at }: Said<string>): Said<string> {
  return { value: `${value} fits none of the files that were checked`, at };
}
