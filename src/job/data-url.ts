/** What a `data:` URL holds (RFC 2397). */
export interface DataUrl {
  /** Such as `text/plain`; as written, with case. */
  readonly mediaType: string;
  readonly content: Buffer;
}

/** The only type that a node unpacks: a tar archive in gzip (`pkg/storage/inline`). */
const PACKED = 'application/gzip';

/** Whether a node makes a folder of an inline input, and not a file. */
export function isPackedFolder(url: string): boolean {
  const head = headOf(url);
  return head?.mediaType === PACKED;
}

/**
 * Decodes a `data:` URL as strictly as a node does (`github.com/vincent-petithory/dataurl`): base64 only with the
 * letters + and / and with its padding, and else no blank, no quote and nothing that is not ASCII.
 *
 * @returns half a sentence when a node refuses it
 */
export function readDataUrl(url: string): DataUrl | string {
  const head = headOf(url);
  if (head === undefined) return 'it is no data: URL';
  const { mediaType, isBase64, data } = head;
  if (isBase64) {
    const isRight = data.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(data.replace(/={1,2}$/, ''));
    if (!isRight) return 'its data is no base64 with the letters + and / and with = at its end';
    return { mediaType, content: Buffer.from(data, 'base64') };
  }
  const [bad] = /[^\x21-\x7e]|[<>#"{}|\\^[\]`]/u.exec(data) ?? [];
  if (bad !== undefined) return `its data has the character ${JSON.stringify(bad)}, which has to be percent-encoded`;
  if (/%(?![0-9a-f]{2})/i.test(data)) return 'its data has a % that no two hexadecimal digits follow';
  const bytes = data.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return { mediaType, content: Buffer.from(bytes, 'latin1') };
}

function headOf(url: string): { mediaType: string; isBase64: boolean; data: string } | undefined {
  const comma = url.indexOf(',');
  if (!url.startsWith('data:') || comma < 0) return undefined;
  const [mediaType = '', ...params] = url.slice('data:'.length, comma).split(';');
  return { mediaType, isBase64: params.at(-1) === 'base64', data: url.slice(comma + 1) };
}
