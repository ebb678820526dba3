const MOST = 1024;

/**
 * Gives the file name of a Content-Disposition header (RFC 6266): `filename*` before `filename`, as Go's
 * `mime.ParseMediaType` decodes it. Undefined when there is none, or one that could not be the name of a file.
 */
export function dispositionName(header: string | undefined): string | undefined {
  if (header === undefined || header.length > MOST) return undefined;
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1];
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))/i.exec(header);
  const name = extended === undefined ? (plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2]) : decoded(extended);
  const last = name?.slice(name.lastIndexOf('/') + 1);
  return last === undefined || last === '' || last === '.' || last === '..' ? undefined : last;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
