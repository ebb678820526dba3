import { stringify } from 'yaml';
import { offersOf } from '../target/offers.js';
import { builtInTarget } from '../target/built-in.js';
import type { Config } from './config.js';
import type { FileSettings } from './settings.js';

/** What of a run the configuration file could have said. */
export interface InEffect {
  readonly config: Config;
  readonly settings: FileSettings;
  readonly failOn: string;
  readonly strict: boolean;
  /** A path seen from the working directory. */
  readonly baseline?: string | undefined;
  readonly plugins: readonly string[];
  readonly allowHosts: readonly string[];
  readonly insecureRegistries: readonly string[];
}

/** Gives what is in effect, in the form of a configuration file of the working directory that says it all. */
export function printedConfig(inEffect: InEffect, path: string | undefined): string {
  const { config, settings, failOn, strict, baseline } = inEffect;
  const { target } = settings;
  const comments = [
    `${config.path ?? 'no configuration file'}${path === undefined ? '' : `, for ${path}`}, with flags and environment`,
    `checks against ${target.name}`,
    ...(path === undefined && config.overrides.length > 0
      ? ['some files have settings of their own: name one to see what holds for it']
      : []),
  ];
  const offers = offersOf(target, builtInTarget(target.bacalhau, target.platforms));
  const document = {
    target: target.bacalhau,
    platforms: target.platforms,
    failOn,
    strict,
    rules: Object.fromEntries(settings.severities),
    ...(Object.keys(offers).length === 0 ? {} : { network: offers }),
    ...(config.allowed === undefined ? {} : { allowed: config.allowed }),
    images: Object.fromEntries([...config.images].map(([name, { value }]) => [name, value])),
    ...(baseline === undefined ? {} : { baseline }),
    ...listed(
      'ignore',
      config.ignores.map(({ paths, rules, reason }) => ({
        ...listed(
          'paths',
          paths.map(({ value }) => value),
        ),
        rules,
        ...(reason === undefined ? {} : { reason }),
      })),
    ),
    ...listed('plugins', inEffect.plugins),
    ...listed('allowHosts', inEffect.allowHosts),
    ...listed('insecureRegistries', inEffect.insecureRegistries),
  };
  return `${comments.map((line) => `# ${escapeLine(line)}\n`).join('')}${stringify(document)}`;
}

/** A line end in a path must not end the comment. */
function escapeLine(text: string): string {
  return text.replace(/[\r\n\u0085\u2028\u2029]/g, ' ');
}

function listed<T>(key: string, values: readonly T[]): Record<string, readonly T[]> {
  return values.length === 0 ? {} : { [key]: values };
}
