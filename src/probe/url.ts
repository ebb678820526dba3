import { CannotLook } from '../net/failure.js';
import { isRedirect, redirectTarget } from '../net/redirect.js';
import { statusText } from '../net/status-text.js';
import type { HttpResponse, Transport } from '../net/transport.js';
import { dispositionName } from './disposition.js';
import type { UrlProbe } from './facts.js';

/** As many as Go's HTTP client follows, and with it a node. */
const MOST_REDIRECTS = 10;

/**
 * Asks for a URL as a node does before it takes a job (`GetVolumeSize` of `pkg/storage/url/urldownload`, 1.3.1 and
 * later): with HEAD, following redirects, without any login but that in the URL.
 *
 * @throws CannotLook when the answer says nothing of the file, as with 429 and 5xx
 */
export async function probeUrl(text: string, transport: Transport): Promise<UrlProbe> {
  const { url, answer, redirected } = await followed(new URL(text), (each) => head(each, transport));
  const { status, headers } = answer;
  if (status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505)) {
    throw new CannotLook(`${url.host} answered ${statusText(status)}`);
  }
  return {
    status,
    host: url.host,
    size: contentLength(headers['content-length']),
    contentType: headers['content-type'],
    redirected,
    fileName: downloadName({ url, answer, redirected }),
    folder: url.pathname.endsWith('/'),
  };
}

type Head = Pick<HttpResponse, 'status' | 'headers'>;

/** The answer at the end of all redirects, and the URL that gave it. */
export interface Followed<A extends Head> {
  readonly url: URL;
  readonly answer: A;
  readonly redirected: boolean;
}

/**
 * Asks for a URL, and for where its answer sends the asker.
 *
 * @throws CannotLook when there are too many redirects, or one that cannot be followed
 */
export async function followed<A extends Head>(start: URL, ask: (url: URL) => Promise<A>): Promise<Followed<A>> {
  let url = start;
  let answer = await ask(url);
  let count = 0;
  for (; isRedirect(answer); count++) {
    if (count === MOST_REDIRECTS) throw new CannotLook(`${url.host} redirects more than ${MOST_REDIRECTS} times`);
    url = redirectTarget(answer, url);
    answer = await ask(url);
  }
  return { url, answer, redirected: count > 0 };
}

/** The name that a node gives to a file; undefined when it would make one up. */
export function downloadName({ url, answer, redirected }: Followed<Head>): string | undefined {
  return (redirected ? dispositionName(answer.headers['content-disposition']) : undefined) ?? lastPart(url);
}

function head(url: URL, transport: Transport): Promise<HttpResponse> {
  return transport.send({ url, method: 'HEAD', maxBytes: 0 });
}

/** Reads a Content-Length; undefined when it is none. */
export function contentLength(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

/** The last part of the path, which is decoded before; the query never names the file. */
export function lastPart({ pathname }: URL): string | undefined {
  return decoded(pathname)
    .split('/')
    .findLast((part) => part !== '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
