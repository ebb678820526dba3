import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
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

/** With the logins of hundreds of registries it is some ten kilobytes. */
const MOST_CONFIG_BYTES = 1024 * 1024;

/**
 * Reads `config.json` of the Docker command line; an absent or broken one says nothing, nor does one that is no plain
 * file: a pipe may never end.
 */
export async function readDockerConfig(env: Environment): Promise<JsonObject> {
  try {
    return parseJsonObject(await readPlainFile(join(dockerConfigFolder(env), 'config.json')), 'the Docker config');
  } catch (error) {
    if (error instanceof CannotLook || isFileError(error)) return {};
    throw error;
  }
}

/** Reads a file of Docker's own settings. Throws `CannotLook` for what is no plain file or far too large. */
export async function readPlainFile(path: string): Promise<Buffer> {
  // without O_NONBLOCK, opening a pipe waits until somebody writes to it
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > MOST_CONFIG_BYTES) throw new CannotLook('it is no file of settings');
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Whether an error comes from the file system; it carries a code such as ENOENT. */
export function isFileError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && 'syscall' in error;
}
