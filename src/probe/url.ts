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
  let url = new URL(text);
  let response = await head(url, transport);
  let count = 0;
  for (; isRedirect(response); count++) {
    if (count === MOST_REDIRECTS) throw new CannotLook(`${url.host} redirects more than ${MOST_REDIRECTS} times`);
    url = redirectTarget(response, url);
    response = await head(url, transport);
  }
  const { status, headers } = response;
  if (status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505)) {
    throw new CannotLook(`${url.host} answered ${statusText(status)}`);
  }
  const redirected = count > 0;
  return {
    status,
    host: url.host,
    size: contentLength(headers['content-length']),
    contentType: headers['content-type'],
    redirected,
    fileName: (redirected ? dispositionName(headers['content-disposition']) : undefined) ?? lastPart(url),
    folder: url.pathname.endsWith('/'),
  };
}

function head(url: URL, transport: Transport): Promise<HttpResponse> {
  return transport.send({ url, method: 'HEAD', maxBytes: 0 });
}

function contentLength(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

/** The last part of the path, decoded; the query never names the file. */
export function lastPart(url: URL): string | undefined {
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
