import { stringify } from 'yaml';
import type { Config } from './config.js';
import type { FileSettings } from './settings.js';

/** What of a run the configuration file could have said. */
export interface InEffect {
  readonly config: Config;
  readonly settings: FileSettings;
  readonly failOn: string;
  readonly strict: boolean;
}

/** Gives what is in effect, in the form of a configuration file that says it all. */
export function printedConfig({ config, settings, failOn, strict }: InEffect, path: string | undefined): string {
  const { target } = settings;
  const comment = `${config.path ?? 'no configuration file'}${path === undefined ? '' : `, for ${path}`}, with flags and environment`;
  const document = {
    target: target.bacalhau,
    platforms: target.platforms,
    failOn,
    strict,
    rules: Object.fromEntries(settings.severities),
    ...(Object.keys(settings.network).length === 0 ? {} : { network: settings.network }),
    ...(config.allowed === undefined ? {} : { allowed: config.allowed }),
    images: Object.fromEntries([...config.images].map(([name, { value }]) => [name, value])),
    ...listed(
      'plugins',
      config.plugins.map(({ value }) => value),
    ),
    ...listed('allowHosts', config.allowHosts),
    ...listed('insecureRegistries', config.insecureRegistries),
  };
  return `# ${comment.replace(/[\r\n]/g, ' ')}\n${stringify(document)}`;
}

function listed(key: string, values: readonly string[]): Record<string, readonly string[]> {
  return values.length === 0 ? {} : { [key]: values };
}
