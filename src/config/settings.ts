import { relative, resolve, sep } from 'node:path';
import type { Rule } from '../check/rule.js';
import type { Suppressor } from '../check/suppress.js';
import type { Severity } from '../check/stage.js';
import { builtInTarget, withPlatforms } from '../target/built-in.js';
import { withOffers } from '../target/offers.js';
import { readTarget } from '../target/read.js';
import { resolveRelease } from '../target/release.js';
import type { Target } from '../target/target.js';
import type { Config, RuleSetting, Said, Settings } from './config.js';
import { matchesRule } from '../check/rule-pattern.js';
import type { SettledRules } from './ignores.js';

/** What one file is checked with. */
export interface FileSettings {
  readonly rules: readonly Rule[];
  readonly target: Target;
  /** What the configuration takes out of the findings. */
  readonly suppressor?: Suppressor;
  /** What the configuration says of rules, by id or pattern. */
  readonly severities: ReadonlyMap<string, RuleSetting>;
}

/** What flags and environment say; each wins over the file. */
export interface Given {
  readonly target?: string | undefined;
  readonly platforms: readonly string[];
}

export interface PreparedSettings {
  /** For what lies in no file, and for every file without an override. */
  readonly common: FileSettings;
  /** For a file, by its path as the user typed it. */
  readonly of: (path: string) => FileSettings;
  /** Settings of all files that were asked for so far and have some of their own. */
  readonly all: () => readonly FileSettings[];
  /** Sentences about what was of no use for the files asked for so far: patterns that fitted none, ignores. */
  readonly unused: (settled: SettledRules) => readonly Said<string>[];
}

/**
 * Joins the configuration with flags and rules. Target files are read here, once.
 *
 * @param cwd absolute path that the paths asked for are seen from
 * @returns a message when a target cannot be read
 */
export async function prepareSettings(
  config: Config,
  given: Given,
  rules: readonly Rule[],
  cwd: string,
): Promise<PreparedSettings | string> {
  const targets = new Map<string | undefined, Target>();
  const wrong = await readTargets(config, given, targets);
  if (wrong !== undefined) return wrong;
  const settingsFor = (chosen: readonly Settings[]): FileSettings => ({
    rules: rulesFor(chosen, rules),
    severities: severitiesOf(chosen),
    target: {
      ...targetFor(chosen, given, targets),
      ...(config.allowed === undefined ? {} : { allowedImages: config.allowed }),
    },
  });
  const common = settingsFor([config]);
  if (config.overrides.length === 0 && config.ignores.length === 0) {
    return { common, of: () => common, all: () => [], unused: () => [] };
  }
  const { matcherOf } = await import('./paths.js');
  const { configIgnores, fitsNone } = await import('./ignores.js');
  const ignores = configIgnores(config.ignores);
  const overrides = config.overrides.map((override) => ({ override, paths: matcherOf(override.paths) }));
  const known = new Map<string, FileSettings>();
  return {
    common,
    of: (path) => {
      const inFolder = fromFolder(config.folder, cwd, path);
      const chosen = inFolder === undefined ? [] : overrides.filter(({ paths }) => paths.fits(inFolder));
      const key = chosen.map(({ override }) => overrides.findIndex((other) => other.override === override)).join();
      const settings = known.get(key) ?? settingsFor([config, ...chosen.map(({ override }) => override)]);
      known.set(key, settings);
      // a command line and standard input lie in no folder; what says nothing of paths holds for them too
      const suppressor = ignores.of(inFolder ?? NO_FILE, path);
      return { ...settings, ...(suppressor === undefined ? {} : { suppressor }) };
    },
    all: () => [...known.values()],
    unused: (settled) => [
      ...overrides.flatMap(({ paths }) => paths.unused().map(fitsNone)),
      ...ignores.unused(
        settled,
        rules.map(({ id }) => id),
      ),
    ],
  };
}

/** Stands for what lies in no file; nobody has a file of that name. */
const NO_FILE = '\u0001';

/** Gives the path seen from the folder of the configuration, with `/`; undefined for what lies outside and for no file. */
function fromFolder(folder: string, cwd: string, path: string): string | undefined {
  if (path === '-' || path === '<command>') return undefined;
  const inFolder = relative(folder, resolve(cwd, path)).split(sep).join('/');
  return inFolder === '' || inFolder.startsWith('../') || inFolder === '..' ? undefined : inFolder;
}

async function readTargets(
  config: Config,
  given: Given,
  targets: Map<string | undefined, Target>,
): Promise<string | undefined> {
  const said = [config, ...config.overrides].flatMap(({ target }) => (target === undefined ? [] : [target]));
  const wanted: { value: string | undefined; from: string }[] =
    given.target === undefined
      ? [
          { value: undefined, from: '' },
          ...said.map(({ value, at }) => ({
            value,
            from: `${config.path ?? ''}:${String(at.line)}:${String(at.column)}: target ${value}`,
          })),
        ]
      : [{ value: given.target, from: `--target ${given.target}` }];
  for (const { value, from } of wanted) {
    if (targets.has(value)) continue;
    const read = await readTarget(value, given.platforms);
    if (!read.ok) return read.message.replace(`--target ${value ?? ''}`, () => from);
    targets.set(value, read.target);
  }
  return undefined;
}

/** Flags win over the file; in the file the last that says something counts. */
function targetFor(
  chosen: readonly Settings[],
  given: Given,
  targets: ReadonlyMap<string | undefined, Target>,
): Target {
  const named = given.target ?? chosen.findLast(({ target }) => target !== undefined)?.target?.value;
  const base = targets.get(named) ?? builtInTarget();
  const platforms = chosen.findLast((settings) => settings.platforms !== undefined)?.platforms?.value;
  const target = given.platforms.length > 0 || platforms === undefined ? base : withPlatforms(base, platforms);
  // A target file on the command line says all of a network; a release leaves open what operators decide.
  if (given.target !== undefined && resolveRelease(given.target) === undefined) return target;
  return chosen.reduce((joined, { network }) => {
    const next = withOffers(joined, network?.value ?? {});
    return typeof next === 'string' ? joined : next;
  }, target);
}

/** In the order in which they count: what is said again goes to the end. */
function severitiesOf(chosen: readonly Settings[]): Map<string, RuleSetting> {
  const severities = new Map<string, RuleSetting>();
  for (const { rules } of chosen) {
    for (const [pattern, { value }] of rules) {
      severities.delete(pattern);
      severities.set(pattern, value);
    }
  }
  return severities;
}

function rulesFor(chosen: readonly Settings[], rules: readonly Rule[]): Rule[] {
  const settings = chosen.flatMap((one) => [...one.rules]);
  if (settings.length === 0) return [...rules];
  return rules.flatMap((rule) => {
    const setting = settings.findLast(([pattern]) => matchesRule(pattern, rule.id))?.[1].value;
    if (setting === 'off') return [];
    return [setting === undefined ? rule : withSeverity(rule, setting)];
  });
}

/** The rule with one severity for all that it finds. */
function withSeverity(rule: Rule, severity: Severity): Rule {
  return {
    ...rule,
    severity,
    *check(context) {
      for (const finding of rule.check(context)) yield { ...finding, severity };
    },
  };
}
