/** Top folders that belong to the system and its programs, which read and write there without being told. */
const SYSTEM = new Set(
  'bin boot dev etc home lib lib32 lib64 media mnt nix opt proc root run sbin srv sys tmp usr var'.split(' '),
);

/** Whether an absolute path is the root or lies in a folder of the system (Filesystem Hierarchy Standard 3.0). */
export function isSystemPath(path: string): boolean {
  const top = topFolder(path).slice(1);
  return top === '' || SYSTEM.has(top);
}

/** The first folder of an absolute path, with its slash. */
export function topFolder(path: string): string {
  return `/${path.split('/')[1] ?? ''}`;
}

/** Whether a path lies in the folder by which people mean results, after the one that Bacalhau once collected. */
export function isOutputsPath(path: string): boolean {
  return /^\/(?:outputs?|results?)$/.test(topFolder(path));
}

/**
 * Whether a word names the folder `outputs` from the working directory: `../outputs/a`, `./outputs`, `outputs/a`.
 * Up to 1.3 everybody wrote there, and examples still do.
 */
export function namesOutputs(text: string): boolean {
  return /^(?:\.{1,2}\/)*outputs(?:\/|$)/.test(text);
}

/** Whether a path lies in the folder by which people mean inputs, after the default target of a command line. */
export function isInputsPath(path: string): boolean {
  return /^\/inputs?$/.test(topFolder(path));
}
