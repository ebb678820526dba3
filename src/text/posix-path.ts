/**
 * Gives an absolute, normalised path as the kernel of the container would: `..` above the root stays at the root,
 * a trailing slash goes. A relative path stands on `base`, which must be absolute.
 */
export function resolvePath(base: string, path: string): string {
  const kept: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${base}/${path}`).split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `/${kept.join('/')}`;
}

/** Whether a path is a folder or lies below it; both absolute and clean. */
export function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}
