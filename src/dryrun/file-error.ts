/** Node's own words begin with a code and end with the call: `ENOSPC: no space left on device, write`. */
const WORDS = /^[A-Z0-9]+: (.*?), \w+(?: |$)/s;

/** Says what the disk has against a file, in the system's words: `no space left on device`. */
export function fileErrorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return WORDS.exec(text)?.[1] ?? text;
}
