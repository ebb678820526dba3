/**
 * Says whether nodes let a job mount a path of theirs (`Compute.AllowListedLocalPaths`, `pkg/storage/local`).
 * An entry is a glob with `:ro` (the default) or `:rw` behind it; `**` stands for any number of folders.
 *
 * @returns `read-only` when the path is listed, but not for writing
 */
export function localPathAccess(
  allowed: readonly string[],
  path: string,
  write: boolean,
): 'allowed' | 'read-only' | 'refused' | 'unknown' {
  let access: 'read-only' | 'refused' | 'unknown' = 'refused';
  for (const entry of allowed) {
    const match = /^(.*?)(?::(ro|rw))?$/s.exec(entry.trim());
    const glob = match?.[1] ?? '';
    if (/[[\]{}\\]/.test(glob)) {
      if (access === 'refused') access = 'unknown'; // classes and alternatives are not read here
    } else if (matches(glob.split('/'), path.split('/'))) {
      if (!write || match?.[2] === 'rw') return 'allowed';
      access = 'read-only';
    }
  }
  return access;
}

/** Folder by folder; `reached[i]` says whether the folders read so far fit the first `i` parts of the path. */
function matches(glob: readonly string[], path: readonly string[]): boolean {
  let reached = Array.from({ length: path.length + 1 }, (_, i) => i === 0);
  for (const part of glob) {
    const next = reached.map(() => false);
    for (let i = 0; i <= path.length; i++) {
      if (part === '**') next[i] = reached[i] === true || (i > 0 && next[i - 1] === true);
      else if (i > 0 && reached[i - 1] === true) next[i] = matchesName(part, path[i - 1] ?? '');
    }
    reached = next;
  }
  return reached[path.length] === true;
}

/** `*` and `?` within one name; goes back to the last `*` only. */
function matchesName(glob: string, name: string): boolean {
  let g = 0;
  let n = 0;
  let star = -1;
  let afterStar = 0;
  while (n < name.length) {
    if (glob[g] === '*') {
      star = g++;
      afterStar = n;
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === name[n])) {
      g++;
      n++;
    } else if (star >= 0) {
      g = star + 1;
      n = ++afterStar;
    } else return false;
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}
