import { dirname, relative, resolve } from 'node:path';
import builtIn from '../../rules/index.js';
import type { SubjectReport } from '../check/finding.js';
import type { Rule } from '../check/rule.js';
import { noConfig, type Config, type Said } from '../config/config.js';
import { CONFIG_NAME, findConfig, misnamedConfig, repositoryTop } from '../config/find.js';
import { prepareSettings, type PreparedSettings } from '../config/settings.js';
import { resolveRelease } from '../target/release.js';
import { escapeForLog } from '../report/escape.js';
import { Flags, UsageError } from './core.js';
import type { ImageFlagValues } from './image-flags.js';
import { forStrangers } from './untrusted.js';

/** Flags of every command that heeds the configuration file. */
export const configFlags = {
  config: Flags.string({
    description: `configuration file; default: ${CONFIG_NAME} here or in a folder above`,
    helpValue: 'FILE',
    exclusive: ['no-config'],
  }),
  'no-config': Flags.boolean({ description: 'heed no configuration file' }),
  target: Flags.string({
    env: 'BACALHAU_PREFLIGHT_TARGET',
    description: 'Bacalhau release (1.6) or file that says what the nodes offer',
    helpValue: 'NAME|FILE',
  }),
  platform: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'platform of the nodes; repeatable',
    helpValue: 'OS/ARCH',
  }),
};

/** The values of these flags. */
export interface ConfigFlagValues {
  readonly config?: string | undefined;
  readonly 'no-config': boolean;
  readonly target?: string | undefined;
  readonly platform?: string[] | undefined;
  readonly 'ci-untrusted'?: boolean | undefined;
}

/** The configuration of a run, and what it makes of flags, rules and files. */
export interface Configuration {
  readonly config: Config;
  readonly settings: PreparedSettings;
  /** Ids of all rules, those of plugins with them. */
  readonly ruleIds: readonly string[];
}

/**
 * Reads the configuration file that the user named or that is found, and joins it with the flags.
 *
 * @throws UsageError
 */
export async function configuration(flags: ConfigFlagValues): Promise<Configuration> {
  const cwd = process.cwd();
  const { config, rules } = await loadConfig(flags, cwd);
  for (const note of config.notes) process.stderr.write(`${escapeForLog(note)}\n`);
  const given = { target: flags.target, platforms: flags.platform ?? platformsOfEnv() };
  const settings = await prepareSettings(config, given, rules, cwd);
  if (typeof settings === 'string') throw new UsageError(settings);
  return { config, settings, ruleIds: rules.map(({ id }) => id) };
}

/** `BACALHAU_PREFLIGHT_PLATFORM=linux/amd64,linux/arm64`; oclif takes no list from the environment. */
function platformsOfEnv(): string[] {
  return (process.env.BACALHAU_PREFLIGHT_PLATFORM ?? '').split(',').filter((platform) => platform !== '');
}

async function loadConfig(flags: ConfigFlagValues, cwd: string): Promise<{ config: Config; rules: readonly Rule[] }> {
  const found = flags['no-config'] || flags.config !== undefined ? undefined : findConfig(cwd);
  const file = flags.config ?? found;
  if (file === undefined) {
    const other = flags['no-config'] ? undefined : misnamedConfig(cwd);
    if (other !== undefined) {
      const path = relative(cwd, other);
      process.stderr.write(`${escapeForLog(`${path} is not read: the name that counts is ${CONFIG_NAME}`)}\n`);
    }
    return { config: noConfig(cwd), rules: builtIn };
  }
  if (found !== undefined) await refuseOutside([{ what: relative(cwd, found), path: found }], dirname(found));
  const { loadConfigFile } = await import('../config/load.js');
  const named = flags.config !== undefined;
  const plugins = named ? await pluginsOf(file, cwd) : [];
  const isUntrusted = flags['ci-untrusted'] === true;
  const rules = isUntrusted ? builtIn : await withPlugins(plugins, file);
  if (isUntrusted && plugins.length > 0) {
    process.stderr.write(`${escapeForLog(`${file}: plugins are not loaded: --ci-untrusted`)}\n`);
  }
  // What the file sets the rules of a plugin to is no mistake where the plugin is left out.
  const ruleIds = isUntrusted && plugins.length > 0 ? {} : { ruleIds: rules.map(({ id }) => id) };
  const result = await loadConfigFile(file, { cwd, named, ...ruleIds });
  if (result.ok) {
    if (found !== undefined) await refuseOutside(pathsIn(result.config), dirname(found));
    return { config: result.config, rules };
  }
  const [first = '', ...more] = result.problems.toReversed();
  for (const problem of more.toReversed()) process.stderr.write(`${escapeForLog(problem)}\n`);
  throw new UsageError(first);
}

/**
 * A file that was found may come from a stranger: it makes this program read and write nothing outside of its
 * repository, neither by a path that it names nor by being a link itself.
 *
 * @throws UsageError
 */
async function refuseOutside(
  named: readonly { readonly what: string; readonly path: string }[],
  folder: string,
): Promise<void> {
  if (named.length === 0) return;
  const { liesInside } = await import('../text/inside.js');
  const top = repositoryTop(folder) ?? folder;
  for (const { what, path } of named) {
    if (await liesInside(path, top)) continue;
    throw new UsageError(
      `${what} leads out of the repository, which counts only in a file that is named with --config`,
    );
  }
}

/** The files that a configuration names, with the place where it does. */
function pathsIn({ path = '', baseline, images, target, overrides }: Config): { what: string; path: string }[] {
  const said = (what: string, { value, at }: Said<string>): { what: string; path: string } => ({
    what: `${path}:${String(at.line)}:${String(at.column)}: ${what} ${value}`,
    path: value,
  });
  const targets = [target, ...overrides.map((override) => override.target)].flatMap((one) => one ?? []);
  return [
    ...(baseline === undefined ? [] : [said('baseline', baseline)]),
    ...[...images.values()].map((file) => said('the Dockerfile', file)),
    ...targets.filter(({ value }) => resolveRelease(value) === undefined).map((one) => said('target', one)),
  ];
}

/** The plugins that a file names; they must be there before its settings of rules are read. */
async function pluginsOf(file: string, cwd: string): Promise<Config['plugins']> {
  const { loadConfigFile } = await import('../config/load.js');
  const result = await loadConfigFile(file, { cwd, named: true });
  return result.ok ? result.config.plugins : [];
}

async function withPlugins(plugins: Config['plugins'], file: string): Promise<readonly Rule[]> {
  if (plugins.length === 0) return builtIn;
  const { loadPlugins } = await import('./plugins.js');
  return [...builtIn, ...loadPlugins(plugins, file, new Set(builtIn.map(({ id }) => id)))];
}

/** Adds the hosts of a named configuration file to those of the flags, unless what is checked comes from strangers. */
export function withHosts<T extends ImageFlagValues>(flags: T, config: Config): T {
  if (flags['ci-untrusted'] === true) return forStrangers(flags, config);
  return {
    ...flags,
    'allow-host': [...(flags['allow-host'] ?? []), ...config.allowHosts],
    'insecure-registry': [...(flags['insecure-registry'] ?? []), ...config.insecureRegistries],
  };
}

/**
 * The patterns that fitted nothing and the ignores that were of no use, a line each, when the run searched all that they
 * could fit.
 *
 * @param paths what was named on the command line
 */
export async function unusedPatterns(
  { config, settings }: Configuration,
  paths: readonly string[],
  reports: readonly SubjectReport[],
): Promise<string[]> {
  const covers = (path: string): boolean => !relative(resolve(path), config.folder).startsWith('..');
  const file = config.path;
  if (file === undefined || !paths.some(covers)) return [];
  const { settledByPath } = await import('../check/baseline.js');
  const settled = settledByPath(reports, (path) => path);
  return settings
    .unused((path) => settled.get(path))
    .map(({ value, at }) => `${file}:${String(at.line)}:${String(at.column)}: ${value}`);
}

/** The rules of the run, with those that only some of the files are checked with. */
export function rulesApplied({ common, all }: PreparedSettings): readonly Rule[] {
  const known = new Set(common.rules.map(({ id }) => id));
  const others = all().flatMap(({ rules }) => rules.filter(({ id }) => !known.has(id) && known.add(id)));
  return others.length === 0 ? common.rules : [...common.rules, ...others];
}
