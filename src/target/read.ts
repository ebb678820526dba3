import { decode, MAX_FILE_BYTES, readBounded, reasonOf } from '../text/read-file.js';
import { builtInTarget } from './built-in.js';
import { isRecord, OFFER_KEYS, textList, textOf, withOffers } from './offers.js';
import { NEWEST_RELEASE, RELEASES, resolveRelease } from './release.js';
import type { Target } from './target.js';

export type TargetResult =
  { readonly ok: true; readonly target: Target } | { readonly ok: false; readonly message: string };

/**
 * Gives the target that `--target` names: a Bacalhau release (`1.6`, `v1.6.4`), or a YAML or JSON file that says
 * what a network offers.
 *
 * @param name what the user typed; undefined for the newest release
 * @param platforms from `--platform`; they win over the target's own
 */
export async function readTarget(name: string | undefined, platforms: readonly string[]): Promise<TargetResult> {
  for (const platform of platforms) {
    if (!isPlatform(platform)) {
      return { ok: false, message: `--platform ${platform}: expected OS/ARCH, such as linux/amd64 or linux/arm64` };
    }
  }
  if (name === undefined) return { ok: true, target: builtInTarget(NEWEST_RELEASE, platforms) };
  if (/^v?\d/.test(name) && !/[/\\]|\.ya?ml$|\.json$/i.test(name)) {
    const release = resolveRelease(name);
    if (release !== undefined) return { ok: true, target: builtInTarget(release, platforms) };
    return { ok: false, message: `--target ${name}: known Bacalhau releases are ${knownReleases()}` };
  }
  return readTargetFile(name, platforms);
}

function knownReleases(): string {
  const minors = new Set(RELEASES.map((release) => release.split('.').slice(0, 2).join('.')));
  return `${[...minors].join(', ')}, and their patches`;
}

/** OS and architecture as Go spells them, with a variant at most. */
export function isPlatform(text: string): boolean {
  return /^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/.test(text);
}

async function readTargetFile(path: string, platforms: readonly string[]): Promise<TargetResult> {
  let text: string;
  try {
    const bytes = await readBounded(path);
    if (bytes.length > MAX_FILE_BYTES) return { ok: false, message: `--target ${path}: the file is larger than 1 MB` };
    text = decode(bytes).text;
  } catch (error) {
    const reason = await reasonOf(error, path);
    return {
      ok: false,
      message: `--target ${path}: neither a Bacalhau release nor a file that can be read (${reason})`,
    };
  }
  const { parseDocument, LineCounter } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    return { ok: false, message: `${path}:${String(line)}:${String(col)}: ${problem.message.split('\n')[0] ?? ''}` };
  }
  let data: unknown;
  try {
    data = document.toJS();
  } catch {
    return { ok: false, message: `${path}: too many aliases` };
  }
  return targetFrom(path, data, platforms);
}

/** Keys of a target file. */
const KEYS = ['name', 'bacalhau', 'platforms', ...OFFER_KEYS];

function targetFrom(path: string, data: unknown, platforms: readonly string[]): TargetResult {
  const fail = (message: string): TargetResult => ({ ok: false, message: `${path}: ${message}` });
  if (!isRecord(data)) return fail('expected a mapping with keys such as bacalhau, platforms and networkedJobs');
  const unknown = Object.keys(data).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return fail(`unknown key ${unknown}; known are ${KEYS.join(', ')}`);
  const release = data.bacalhau === undefined ? NEWEST_RELEASE : resolveRelease(textOf(data.bacalhau));
  if (release === undefined) return fail(`bacalhau: known releases are ${knownReleases()}; write it in quotes`);
  const nodes = platforms.length > 0 ? platforms : data.platforms === undefined ? [] : textList(data.platforms);
  if (!nodes?.every(isPlatform)) return fail('platforms: expected a list such as [linux/amd64]');
  const base = builtInTarget(release, nodes);
  const target = withOffers(base, data);
  if (typeof target === 'string') return fail(target);
  return { ok: true, target: { ...target, name: typeof data.name === 'string' ? data.name : base.name } };
}
