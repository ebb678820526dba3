import type { HttpResponse } from './transport.js';
import { CannotLook } from './failure.js';

/** Whether an answer sends the asker elsewhere. */
export function isRedirect({ status, headers }: Pick<HttpResponse, 'status' | 'headers'>): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers.location !== undefined;
}

/**
 * Gives the address that an answer sends the asker to, without user and password.
 *
 * @throws CannotLook when it is no http(s) address
 */
export function redirectTarget({ headers }: Pick<HttpResponse, 'headers'>, from: URL): URL {
  const location = headers.location ?? '';
  if (!URL.canParse(location, from.href)) throw new CannotLook(`${from.host} redirects to an invalid address`);
  const url = new URL(location, from);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new CannotLook(`${from.host} redirects to an address that is not http(s)`);
  }
  url.username = '';
  url.password = '';
  return url;
}
