import { dirname, relative, resolve } from 'node:path';
import { LineCounter, parseDocument, type ParsedNode } from 'yaml';
import { SEVERITIES } from '../check/stage.js';
import { builtInTarget } from '../target/built-in.js';
import { OFFER_KEYS, withOffers } from '../target/offers.js';
import { isPlatform } from '../target/read.js';
import type { AllowedImages } from '../target/target.js';
import { nearest } from '../text/nearest.js';
import type { Config, Ignore, Override, RuleSetting, Said, Settings } from './config.js';
import {
  entries,
  fail,
  fields,
  followed,
  items,
  oneOf,
  placeOf,
  text,
  textOrNumber,
  texts,
  yesOrNo,
  type Reading,
} from './fields.js';
import { matchesRule } from '../check/rule-pattern.js';

export type ConfigResult =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly problems: readonly string[] };

export interface ReadConfigOptions {
  /** As it is told to the user. */
  readonly path: string;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** Whether the user named the file. */
  readonly named: boolean;
  /** Ids of the rules that there are. */
  /** Absent: rules are not looked up. */
  readonly ruleIds?: readonly string[];
}

const RULE_SETTINGS = ['off', ...SEVERITIES] as const;
const SETTING_KEYS = ['target', 'platforms', 'rules', 'network'] as const;
const NAMED_KEYS = ['plugins', 'allowHosts', 'insecureRegistries'] as const;
const KEYS = [
  ...SETTING_KEYS,
  'failOn',
  'strict',
  'allowed',
  'images',
  'overrides',
  'ignore',
  'baseline',
  ...NAMED_KEYS,
] as const;

/** Reads the text of a configuration file. Never throws; every problem has its line and column. */
export function readConfig(source: string, options: ReadConfigOptions): ConfigResult {
  const lines = new LineCounter();
  const document = parseDocument(source.replace(/^\ufeff/, ''), { lineCounter: lines });
  const reading: Reading = { document, lines, problems: [], aliases: 0 };
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const message =
      error.code === 'MULTIPLE_DOCS'
        ? 'the configuration is one YAML document, and a second one begins here'
        : (error.message.split(/ at line \d+|\n/)[0] ?? '');
    reading.problems.push({ value: message, at: { line, column: col } });
  }
  const folder = dirname(resolve(options.cwd, options.path));
  const context: Context = { ...options, reading, folder, notes: [] };
  const config = error === undefined ? configOf(document.contents, context) : undefined;
  const told = ({ value, at }: Said<string>): string =>
    `${options.path}:${String(at.line)}:${String(at.column)}: ${value}`;
  if (config === undefined || reading.problems.length > 0) {
    const inOrder = reading.problems.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
    return { ok: false, problems: [...new Set(inOrder.map(told))] };
  }
  return { ok: true, config: { ...config, notes: context.notes.map(told) } };
}

interface Context extends ReadConfigOptions {
  readonly reading: Reading;
  readonly folder: string;
  readonly notes: Said<string>[];
}

function configOf(root: ParsedNode | null, context: Context): Config {
  const { reading, folder, named } = context;
  const found = root === null ? {} : fields(root, KEYS, 'the configuration', reading);
  const listOf = (key: (typeof NAMED_KEYS)[number]): readonly Said<string>[] => {
    const node = found[key];
    if (node === undefined) return [];
    const list = texts(node, key, reading);
    if (named || list[0] === undefined) return list;
    const value = `${key} is ignored: it counts only in a file that is named with --config`;
    context.notes.push({ value, at: list[0].at });
    return [];
  };
  const failOn =
    found.failOn === undefined ? undefined : oneOf(found.failOn, [...SEVERITIES, 'never'], 'failOn', reading);
  const strict = found.strict === undefined ? undefined : yesOrNo(found.strict, 'strict', reading);
  const baseline = found.baseline === undefined ? undefined : text(found.baseline, 'baseline', reading);
  return {
    path: context.path,
    folder,
    named,
    ...settingsOf(found, context),
    ...(failOn === undefined ? {} : { failOn: failOn.value }),
    ...(strict === undefined ? {} : { strict }),
    ...(found.allowed === undefined ? {} : { allowed: allowedOf(found.allowed, reading) }),
    images: new Map(found.images === undefined ? [] : imagesOf(found.images, context)),
    overrides: found.overrides === undefined ? [] : overridesOf(found.overrides, context),
    ignores: found.ignore === undefined ? [] : ignoresOf(found.ignore, context),
    ...(baseline === undefined ? {} : { baseline: { ...baseline, value: fromCwd(baseline.value, context) } }),
    plugins: listOf('plugins'),
    allowHosts: listOf('allowHosts').map(({ value }) => value),
    insecureRegistries: listOf('insecureRegistries').map(({ value }) => value),
    notes: [],
  };
}

function settingsOf(found: Partial<Record<(typeof SETTING_KEYS)[number], ParsedNode>>, context: Context): Settings {
  const { reading } = context;
  const target = found.target === undefined ? undefined : textOrNumber(found.target, 'target', reading);
  const platforms = found.platforms === undefined ? undefined : texts(found.platforms, 'platforms', reading);
  for (const { value, at } of platforms ?? []) {
    if (!isPlatform(value)) reading.problems.push({ value: `${value}: expected OS/ARCH, such as linux/amd64`, at });
  }
  const network = found.network === undefined ? undefined : offersOf(found.network, context);
  const first = platforms?.[0];
  return {
    ...(target === undefined ? {} : { target: { ...target, value: targetPath(target.value, context) } }),
    ...(platforms === undefined || first === undefined
      ? {}
      : { platforms: { value: platforms.map(({ value }) => value), at: first.at } }),
    ...(network === undefined ? {} : { network }),
    rules: new Map(found.rules === undefined ? [] : rulesOf(found.rules, context)),
  };
}

/** A path in the file is seen from the file's folder, a release is none. */
function targetPath(value: string, context: Context): string {
  return /^v?\d+(\.\d+)*$/.test(value) ? value : fromCwd(value, context);
}

function fromCwd(path: string, { folder, cwd }: Context): string {
  return relative(cwd, resolve(folder, path)) || '.';
}

function offersOf(node: ParsedNode, context: Context): Said<Record<string, unknown>> | undefined {
  const { reading } = context;
  const found = fields(node, OFFER_KEYS, 'network', reading);
  const value: Record<string, unknown> = {};
  for (const key of OFFER_KEYS) {
    const written = found[key];
    const meant = written === undefined ? undefined : followed(written, reading);
    if (written === undefined || meant === undefined) continue;
    try {
      value[key] = meant.toJS(reading.document);
    } catch {
      fail(written, `${key} has an alias that stands for nothing, or too many`, reading);
    }
  }
  const joined = withOffers(builtInTarget(), value);
  if (typeof joined !== 'string') return { value, at: placeOf(node, reading) };
  fail(node, joined, reading);
  return undefined;
}

function rulesOf(node: ParsedNode, { reading, ruleIds }: Context): [string, Said<RuleSetting>][] {
  return entries(node, 'rules', reading).flatMap(({ key, keyNode, value }): [string, Said<RuleSetting>][] => {
    checkRulePattern(keyNode, key, ruleIds, reading);
    const setting = oneOf(value, RULE_SETTINGS, key, reading);
    return setting === undefined ? [] : [[key, setting]];
  });
}

/** `group/name`, `group/*` or `*`; that it names a rule is checked here, because a misspelt one does nothing for years. */
function checkRulePattern(
  node: ParsedNode,
  pattern: string,
  ruleIds: readonly string[] | undefined,
  reading: Reading,
): void {
  if (ruleIds === undefined || ruleIds.some((id) => matchesRule(pattern, id))) return;
  fail(node, noRule(pattern, ruleIds), reading);
}

function allowedOf(node: ParsedNode, reading: Reading): AllowedImages {
  const found = fields(node, ['registries', 'images'], 'allowed', reading);
  const list = (key: 'registries' | 'images'): string[] =>
    found[key] === undefined ? [] : texts(found[key], key, reading).map(({ value }) => value);
  return { registries: list('registries'), images: list('images') };
}

function imagesOf(node: ParsedNode, context: Context): [string, Said<string>][] {
  return entries(node, 'images', context.reading).flatMap(({ key, value }): [string, Said<string>][] => {
    const file = text(value, `the Dockerfile of ${key}`, context.reading);
    return file === undefined ? [] : [[key, { ...file, value: fromCwd(file.value, context) }]];
  });
}

function overridesOf(node: ParsedNode, context: Context): Override[] {
  const { reading } = context;
  return items(node, 'overrides', reading).map((item) => {
    const found = fields(item, ['paths', ...SETTING_KEYS], 'an override', reading);
    if (found.paths === undefined) fail(item, 'an override needs paths', reading);
    return {
      paths: found.paths === undefined ? [] : texts(found.paths, 'paths', reading),
      ...settingsOf(found, context),
    };
  });
}

function ignoresOf(node: ParsedNode, { reading, ruleIds, notes }: Context): Ignore[] {
  return items(node, 'ignore', reading).flatMap((item) => {
    const found = fields(item, ['paths', 'rules', 'reason'], 'an ignore', reading);
    const at = placeOf(item, reading);
    if (found.paths === undefined && found.rules === undefined) {
      fail(item, 'an ignore needs paths or rules, or both', reading);
      return [];
    }
    const rules = found.rules === undefined ? undefined : texts(found.rules, 'rules', reading);
    for (const { value, at: place } of rules ?? []) {
      if (ruleIds !== undefined && !ruleIds.some((id) => matchesRule(value, id)))
        reading.problems.push({ value: noRule(value, ruleIds), at: place });
    }
    const reason = found.reason === undefined ? undefined : text(found.reason, 'reason', reading)?.value;
    if (reason === undefined) notes.push({ value: 'this ignore gives no reason', at });
    return [
      {
        paths: found.paths === undefined ? [] : texts(found.paths, 'paths', reading),
        rules: rules?.map(({ value }) => value) ?? ['*'],
        ...(reason === undefined ? {} : { reason }),
        at,
      },
    ];
  });
}

function noRule(pattern: string, ruleIds: readonly string[]): string {
  const meant = nearest(pattern, ruleIds);
  return `there is no rule ${pattern}; ${meant === undefined ? '`bacalhau-preflight rules` lists them' : `did you mean ${meant}?`}`;
}
