import { isAbsolute, relative } from 'node:path';
import { decode, MAX_FILE_BYTES, readBounded, reasonOf } from '../text/read-file.js';
import { readConfig, type ConfigResult, type ReadConfigOptions } from './read.js';

/** Reads a configuration file; a problem with the file itself is told as one with its text is. */
export async function loadConfigFile(file: string, options: Omit<ReadConfigOptions, 'path'>): Promise<ConfigResult> {
  // A file that was found is told as seen from here.
  const path = options.named || !isAbsolute(file) ? file : relative(options.cwd, file);
  try {
    const bytes = await readBounded(file);
    if (bytes.length > MAX_FILE_BYTES) return { ok: false, problems: [`${path} is larger than 1 MB; it was not read`] };
    return readConfig(decode(bytes).text, { ...options, path });
  } catch (error) {
    return { ok: false, problems: [`cannot read ${path}: ${await reasonOf(error, file)}`] };
  }
}
