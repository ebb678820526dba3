import { base16, base16upper } from 'multiformats/bases/base16';
import { base32, base32upper } from 'multiformats/bases/base32';
import { base36, base36upper } from 'multiformats/bases/base36';
import { base58btc, base58flickr } from 'multiformats/bases/base58';
import { base64, base64pad, base64url, base64urlpad } from 'multiformats/bases/base64';
import { CID } from 'multiformats/cid';

/** What a text is that stands where a CID is expected. */
export type CidText =
  | { readonly kind: 'cid' }
  /** `CID/a/b`: `path` begins with the slash, at offset `at` of the text. */
  | { readonly kind: 'path'; readonly cid: string; readonly path: string; readonly at: number }
  /** A web address of a gateway, or `ipfs://…` and `/ipfs/…`, with a CID in it. */
  | { readonly kind: 'gateway' | 'scheme'; readonly cid: string; readonly path: string }
  /** A name that points to changing content (IPNS, DNSLink). */
  | { readonly kind: 'ipns' }
  | { readonly kind: 'other' };

/** Bases that Go's decoder (`go-cid`, `cid.Decode`) takes and people use; multiformats takes only three by itself. */
const BASES = base32.decoder
  .or(base32upper.decoder)
  .or(base36.decoder)
  .or(base36upper.decoder)
  .or(base58btc.decoder)
  .or(base58flickr.decoder)
  .or(base16.decoder)
  .or(base16upper.decoder)
  .or(base64.decoder)
  .or(base64pad.decoder)
  .or(base64url.decoder)
  .or(base64urlpad.decoder);

/** Codec of a public key, `libp2p-key`: such a CID is the name of an IPNS record and has no content of its own. */
const LIBP2P_KEY = 0x72;

/** No real CID is longer; decoding is quadratic in base 36 and 58. */
const MAX_CID_LENGTH = 256;

/** Says what a text is that should be a CID. Never throws. */
export function readCid(text: string): CidText {
  const kind = kindOf(text);
  if (kind !== 'other') return { kind };
  const slash = text.indexOf('/');
  if (slash > 0 && kindOf(text.slice(0, slash)) === 'cid') {
    return { kind: 'path', cid: text.slice(0, slash), path: text.slice(slash), at: slash };
  }
  return address(text);
}

/** Decodes a CID; undefined when it is none, or the name of an IPNS record. */
export function parseCid(text: string): CID | undefined {
  return kindOf(text) === 'cid' ? decode(text) : undefined;
}

function kindOf(text: string): 'cid' | 'ipns' | 'other' {
  if (text.length > MAX_CID_LENGTH) return 'other';
  try {
    return decode(text).code === LIBP2P_KEY ? 'ipns' : 'cid';
  } catch {
    return 'other';
  }
}

function decode(text: string): CID {
  return text.startsWith('Qm') ? CID.parse(text) : CID.parse(text, BASES);
}

/** Paths of a gateway (`https://host/ipfs/CID/…`), its subdomains (`https://CID.ipfs.host/…`), and `ipfs://CID/…`. */
function address(text: string): CidText {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/|\/)([^/?#]*)([^?#]*)/i.exec(text);
  if (match === null) return { kind: 'other' };
  const [, scheme = '', first = '', rest = ''] = match;
  const lower = scheme.toLowerCase();
  if (lower === 'ipns' || (lower === '' && first === 'ipns')) return { kind: 'ipns' };
  if (lower === 'ipfs') return inside('scheme', first === 'ipfs' ? rest.slice(1) : `${first}${rest}`);
  if (lower === '') return first === 'ipfs' ? inside('scheme', rest.slice(1)) : { kind: 'other' };
  const label = first.split('.', 2);
  if (label[1] === 'ipfs') return inside('gateway', `${label[0] ?? ''}${rest}`);
  if (label[1] === 'ipns' || rest.startsWith('/ipns/')) return { kind: 'ipns' };
  return rest.startsWith('/ipfs/') ? inside('gateway', rest.slice('/ipfs/'.length)) : { kind: 'other' };
}

function inside(kind: 'gateway' | 'scheme', text: string): CidText {
  const slash = text.indexOf('/');
  const cid = slash < 0 ? text : text.slice(0, slash);
  const path = slash < 0 ? '' : text.slice(slash);
  const is = kindOf(cid);
  if (is !== 'cid') return { kind: is };
  return { kind, cid, path: path === '/' ? '' : path };
}
