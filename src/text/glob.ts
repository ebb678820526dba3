/** Whether a path fits a glob: `**` stands for any number of parts, `*` and `?` for characters within one part. */
export function matchesGlob(glob: string, path: string): boolean {
  return matchesParts(glob.split('/'), path.split('/'));
}

/** Part by part; `reached[i]` says whether the glob's parts read so far fit the first `i` parts of the path. */
function matchesParts(glob: readonly string[], path: readonly string[]): boolean {
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
