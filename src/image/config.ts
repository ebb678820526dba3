import { CannotLook } from '../net/failure.js';
import type { ImageConfig, ImageSource } from './facts.js';
import { asObject, asText, asTexts, parseJsonObject, type JsonObject } from './json.js';
import { platformOf } from './manifest.js';

/** What is known of a config beside its bytes. */
export interface ConfigOrigin {
  readonly source: ImageSource;
  readonly digest?: string;
  /** Bytes of the layers as stored. */
  readonly size?: number;
  readonly layers?: NonNullable<ImageConfig['layers']>;
}

/**
 * Reads an image config (OCI image spec 1.1, config.md; Docker's differs in nothing that is read here).
 *
 * @throws CannotLook when it is no JSON object or names no platform
 */
export function readConfig(bytes: Buffer, origin: ConfigOrigin): ImageConfig {
  const json = parseJsonObject(bytes, 'the image config');
  const platform = platformOf(json);
  if (platform === undefined) throw new CannotLook('the image config names no platform');
  return configOf(platform, asObject(json.config), asText(json.created), origin);
}

/** Puts a config together from its `config` object; the engine's API hands out the same object. */
export function configOf(
  platform: string,
  config: JsonObject | undefined,
  created: string | undefined,
  origin: ConfigOrigin,
): ImageConfig {
  const labels = Object.entries(asObject(config?.Labels) ?? {});
  return {
    ...origin,
    platform,
    entrypoint: asTexts(config?.Entrypoint),
    cmd: asTexts(config?.Cmd),
    env: asTexts(config?.Env),
    user: asText(config?.User) ?? '',
    workingDir: asText(config?.WorkingDir) ?? '',
    volumes: Object.keys(asObject(config?.Volumes) ?? {}),
    exposedPorts: Object.keys(asObject(config?.ExposedPorts) ?? {}),
    labels: Object.fromEntries(labels.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    hasHealthcheck: hasHealthcheck(asObject(config?.Healthcheck)),
    ...(created === undefined ? {} : { created }),
  };
}

/** `HEALTHCHECK NONE` is stored as the test `["NONE"]`, an inherited one as an empty list. */
function hasHealthcheck(healthcheck: JsonObject | undefined): boolean {
  const [kind] = asTexts(healthcheck?.Test);
  return kind !== undefined && kind !== 'NONE' && kind !== '';
}
