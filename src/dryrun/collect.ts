import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { getJson } from '../image/engine/client.js';
import { asObject, asText } from '../image/json.js';
import type { ResultFolder } from '../workload/run-evidence.js';
import { readResults, written } from './results.js';
import type { RunRequest } from './run-request.js';
import type { Volumes } from './volumes.js';

/** Reads what the program left in its result paths, whose volumes begin at `first`, and writes it to the output folder. */
export async function collectResults(
  volumes: Volumes,
  { plan, output, limits, signal }: RunRequest,
  first: number,
): Promise<ResultFolder[]> {
  const folders: ResultFolder[] = [];
  for (const [index, { name, path }] of plan.results.entries()) {
    const folder = output === undefined ? undefined : join(output, name);
    if (folder !== undefined) written(name, () => mkdirSync(folder));
    const read = await readResults(await volumes.read(first + index), {
      ...(folder === undefined ? {} : { folder }),
      mostBytes: limits.outputBytes,
      signal,
    });
    folders.push({ name, path, ...read });
  }
  return folders;
}

/** Whether volumes hold more than so many bytes together, as the engine counts. */
export async function isOver(docker: Docker, names: readonly string[], bytes: number): Promise<boolean> {
  if (names.length === 0) return false;
  // Without the type the engine would measure its images and containers too (since API 1.42; older ones pass over it).
  const usage = await getJson(docker, '/system/df', { type: 'volume' });
  const volumes = asObject(usage)?.Volumes;
  if (!Array.isArray(volumes)) return false;
  let total = 0;
  for (const volume of volumes) {
    const { Name, UsageData } = asObject(volume) ?? {};
    const size = asObject(UsageData)?.Size;
    if (names.includes(asText(Name) ?? '') && typeof size === 'number') total += size;
  }
  return total > bytes;
}
