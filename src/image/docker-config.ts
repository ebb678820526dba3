import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CannotLook } from '../net/failure.js';
import { parseJsonObject, type JsonObject } from './json.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of the Docker command line's own files: DOCKER_CONFIG, or `.docker` in the user's home. */
export function dockerConfigFolder(env: Environment): string {
  const folder = env.DOCKER_CONFIG;
  return folder === undefined || folder === '' ? join(homeOf(env), '.docker') : folder;
}

export function homeOf(env: Environment): string {
  return env.HOME ?? env.USERPROFILE ?? homedir();
}

/** Reads `config.json` of the Docker command line; an absent or broken one says nothing. */
export async function readDockerConfig(env: Environment): Promise<JsonObject> {
  try {
    return parseJsonObject(await readFile(join(dockerConfigFolder(env), 'config.json')), 'the Docker config');
  } catch (error) {
    if (error instanceof CannotLook || isFileError(error)) return {};
    throw error;
  }
}

/** Whether an error comes from the file system; it carries a code such as ENOENT. */
export function isFileError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && 'syscall' in error;
}
