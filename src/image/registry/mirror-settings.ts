import { join } from 'node:path';
import { CannotLook } from '../../net/failure.js';
import { dockerConfigFolder, homeOf, isFileError, readPlainFile, type Environment } from '../docker-config.js';
import { asTexts, parseJsonObject } from '../json.js';

/**
 * Gives the mirrors of Docker Hub that this machine's own Docker uses: `registry-mirrors` in the `daemon.json` of the
 * system, of a rootless daemon and of Docker Desktop. What cannot be read names none.
 */
export async function daemonMirrors(env: Environment): Promise<string[]> {
  const settings = env.XDG_CONFIG_HOME;
  const config = settings === undefined || settings === '' ? join(homeOf(env), '.config') : settings;
  const folders = ['/etc/docker', join(config, 'docker'), dockerConfigFolder(env)];
  const found = await Promise.all(folders.map((folder) => mirrorsIn(join(folder, 'daemon.json'))));
  return [...new Set(found.flat())];
}

async function mirrorsIn(path: string): Promise<string[]> {
  try {
    return asTexts(parseJsonObject(await readPlainFile(path), 'the settings of Docker')['registry-mirrors']);
  } catch (error) {
    if (error instanceof CannotLook || isFileError(error)) return [];
    throw error;
  }
}
