import { CannotLook } from '../net/failure.js';

/** Manifests and configs nest to six levels or so; anything far beyond is meant to hurt. */
const DEEPEST = 32;

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Parses JSON that may be hostile.
 *
 * @param what names the text in the reason: `the manifest`
 * @throws CannotLook when it is no JSON object, or nests too deeply
 */
export function parseJsonObject(bytes: Buffer, what: string): JsonObject {
  const value = asObject(parseJson(bytes, what));
  if (value === undefined) throw new CannotLook(`${what} is not a JSON object`);
  return value;
}

/** As `parseJsonObject`, for any JSON value. */
export function parseJson(bytes: Buffer, what: string): unknown {
  if (nestsTooDeeply(bytes)) throw new CannotLook(`${what} nests more than ${DEEPEST} levels deep`);
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return value;
  } catch {
    throw new CannotLook(`${what} is not JSON`);
  }
}

/** Counts brackets outside of strings; in a text that is no JSON the count means nothing, and the parser says so. */
function nestsTooDeeply(bytes: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > DEEPEST) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}

export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list; anything else in it is left out. */
export function asTexts(value: unknown): string[] {
  return asList(value).filter((item) => typeof item === 'string');
}

/** A size or count: a whole number from 0. */
export function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
