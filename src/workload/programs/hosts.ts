import type { Word } from '../workload.js';

const URL_START =
  /^(?:git\+)?(https?|ftps?|sftp|ssh|git|wss?|s3|gs|abfss?|hf|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?):\/\//i;

/** Whether a word as a whole is an address on a network; `file://` is none. */
export function isUrl(text: string): boolean {
  return URL_START.test(text) && !/\s/.test(text);
}

/** Host of an address, lower case; undefined when it is unknown, or when the address names a bucket. */
export function hostOfUrl(text: string): string | undefined {
  const scheme = URL_START.exec(text);
  if (scheme === null || /^(?:s3|gs|abfss?|hf)$/i.test(scheme[1] ?? '')) return undefined;
  return hostOfAuthority(text.slice(scheme[0].length));
}

/** Host in `user@host:port/path`. */
export function hostOfAuthority(text: string): string | undefined {
  const authority = /^[^/?#]*/.exec(text)?.[0] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const bare = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/:[^:]*$/, '');
  return bare === '' || bare.includes('…') || /[$*{}]/.test(bare) ? undefined : bare.toLowerCase();
}

/** `host` as a field, left out when it is not known. */
export function knownHost(host: string | undefined): { readonly host?: string } {
  return host === undefined ? {} : { host };
}

/** `user@host:path` and `host:path`, as scp, rsync and git take them; not `C:\…`, not `./a:b`. */
export function isRemotePath(text: string): boolean {
  return /^(?:[\w.-]+@)?[\w.-]{2,}:(?!\/\/)/.test(text);
}

/** Words that are addresses. */
export function urlsIn(words: readonly Word[]): Word[] {
  return words.filter(({ text }) => isUrl(text));
}
