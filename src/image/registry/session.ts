import { setTimeout as wait } from 'node:timers/promises';
import { CannotLook } from '../../net/failure.js';
import { hostReach } from '../../net/host.js';
import type { ImageReference } from '../reference.js';
import { parseChallenges } from './challenge.js';
import type { Credentials } from './credentials.js';
import { servingHost } from './hub.js';
import { isRedirect, redirectTarget } from '../../net/redirect.js';
import { statusText } from '../../net/status-text.js';
import { authorize } from './token.js';
import { NoConnection, NoTls } from '../../net/reason.js';
import type { Download, HttpRequest, HttpResponse, Transport } from '../../net/transport.js';

/** An answer after logins, redirects and retries: 200, or the refusal of the registry itself. */
export interface Answer {
  readonly status: number;
  readonly response: HttpResponse;
  /** Host that gave it, which after a redirect is not the registry. */
  readonly host: string;
  /** True when the login was refused (or there was nothing to log in with), and the registry was not asked again. */
  readonly atLogin: boolean;
  /** True when the registry asked for a login. */
  readonly challenged: boolean;
}

/** A conversation with one registry about one repository, anonymous or with one set of credentials. */
export interface Session {
  /** Gets a path below `/v2/NAME/`, such as `manifests/latest`. */
  readonly get: (path: string, accept: string, maxBytes: number, download?: Download) => Promise<Answer>;
  /** Texts that were sent as proof of who asks; they must not reach a report. */
  readonly secrets: () => readonly string[];
}

export interface SessionOptions {
  readonly transport: Transport;
  readonly reference: ImageReference;
  /** Absent for an anonymous session. */
  readonly credentials: Credentials | undefined;
  /** The `WWW-Authenticate` of an earlier answer to the same question, which saves asking for it again. */
  readonly challenge: string | undefined;
  /** True when the user allowed plain HTTP for this registry. */
  readonly insecure: boolean;
  /** Milliseconds until the look as a whole must be over. */
  readonly remainingMs: () => number;
  readonly signal: AbortSignal;
}

/** What is asked for, at the registry and where it redirects to. */
type Wanted = Pick<HttpRequest, 'maxBytes' | 'download'> & { readonly accept: string };

const MOST_REDIRECTS = 5;
/** Longer waits are not worth it for somebody who sits in front of a terminal. */
const LONGEST_WAIT_MS = 5000;
const SERVER_ERROR_WAIT_MS = 200;

export function openSession(options: SessionOptions): Session {
  const { reference, transport } = options;
  const insecure = options.insecure || hostReach(reference.registry) === 'loopback';
  let base = new URL(`https://${servingHost(reference.registry)}/`);
  let authorization: string | undefined;

  /** Loopback and insecure registries are tried over TLS first, then in plain, as Docker does. */
  const sendToRegistry = async (path: string, { accept, ...wanted }: Wanted): Promise<HttpResponse> => {
    const headers = { accept, ...(authorization === undefined ? {} : { authorization }) };
    const send = (): Promise<HttpResponse> =>
      transport.send({ url: new URL(path, base), headers, ...wanted, verifiesCertificate: !insecure });
    try {
      return await send();
    } catch (error) {
      if (error instanceof NoTls && !insecure) {
        throw new CannotLook(`${error.message}; --insecure-registry ${reference.registry} allows plain HTTP`);
      }
      if (!insecure || base.protocol === 'http:' || !(error instanceof NoConnection)) throw error;
      base = new URL(`http://${base.host}/`);
      return send();
    }
  };

  /** Gives the status of a refusal; undefined when there is an authorization now. */
  const login = async (challenge: string): Promise<number | undefined> => {
    const context = { transport, registry: reference.registry, repository: reference.repository, insecure };
    const result = await authorize(parseChallenges(challenge), options.credentials, context);
    if (result.kind === 'refused') return result.status;
    authorization = result.header;
    return undefined;
  };

  const get: Session['get'] = async (path, accept, maxBytes, download) => {
    const wanted: Wanted = { accept, maxBytes, ...(download === undefined ? {} : { download }) };
    const fullPath = `/v2/${reference.repository}/${path}`;
    const attempt = (): Promise<HttpResponse> => patiently(() => sendToRegistry(fullPath, wanted), base.host, options);
    const challenge = options.challenge;
    let response = authorization === undefined && challenge !== undefined ? unauthorized(challenge) : await attempt();
    if (response.status === 401 && authorization === undefined) {
      const status = await login(response.headers['www-authenticate'] ?? '');
      if (status !== undefined) return { status, response, host: base.host, atLogin: true, challenged: true };
      response = await attempt();
    }
    const end = await followRedirects(response, new URL(fullPath, base), wanted, options);
    return { ...end, status: end.response.status, atLogin: false, challenged: authorization !== undefined };
  };
  const secrets = (): readonly string[] => [...secretsOf(options.credentials), ...headerSecrets(authorization)];
  return { get, secrets };
}

/** Stands for the answer to a request that need not be made, since its challenge is known. */
function unauthorized(challenge: string): HttpResponse {
  return { status: 401, headers: { 'www-authenticate': challenge }, body: Buffer.alloc(0) };
}

function secretsOf(credentials: Credentials | undefined): string[] {
  if (credentials === undefined) return [];
  if (credentials.kind === 'identity-token') return [credentials.token];
  return [credentials.password, Buffer.from(credentials.password).toString('base64')];
}

function headerSecrets(authorization: string | undefined): string[] {
  return authorization === undefined ? [] : [authorization.slice(authorization.indexOf(' ') + 1)];
}

/** Follows redirects to where content lies; the login stays behind unless it is the same host and port. */
async function followRedirects(
  first: HttpResponse,
  from: URL,
  { accept, ...wanted }: Wanted,
  options: SessionOptions,
): Promise<Pick<Answer, 'response' | 'host'>> {
  let response = first;
  let url = from;
  for (let count = 0; isRedirect(response); count++) {
    if (count === MOST_REDIRECTS) throw new CannotLook(`${from.host} redirects more than ${MOST_REDIRECTS} times`);
    const next = redirectTarget(response, url);
    if (url.protocol === 'https:' && next.protocol !== 'https:') {
      throw new CannotLook(`${url.host} redirects to ${next.host} without TLS`);
    }
    url = next;
    const send = (): Promise<HttpResponse> => options.transport.send({ url: next, headers: { accept }, ...wanted });
    response = await patiently(send, next.host, options);
  }
  const redirected = url.host !== from.host;
  if (redirected && response.status !== 200) {
    throw new CannotLook(`${url.host}, where ${from.host} redirects to, answered ${statusText(response.status)}`);
  }
  return { response, host: url.host };
}

/** Sends once more after 429 with a short Retry-After, and after a server error. */
async function patiently(
  send: () => Promise<HttpResponse>,
  host: string,
  options: Pick<SessionOptions, 'remainingMs' | 'signal'>,
): Promise<HttpResponse> {
  const response = await send();
  const waitMs = waitBeforeRetry(response);
  const settled = response.status !== 429 && response.status < 500;
  if (settled) return response;
  if (waitMs === undefined || waitMs > LONGEST_WAIT_MS || waitMs >= options.remainingMs()) {
    throw new CannotLook(`${host} answered ${statusText(response.status)}`);
  }
  try {
    await wait(waitMs, undefined, { signal: options.signal });
  } catch {
    throw new CannotLook(`${host} answered ${statusText(response.status)}`);
  }
  const again = await send();
  if (again.status !== 429 && again.status < 500) return again;
  throw new CannotLook(`${host} answered ${statusText(again.status)}`);
}

/** Milliseconds to wait; undefined when a retry is not asked for. */
function waitBeforeRetry({ status, headers }: HttpResponse): number | undefined {
  const after = headers['retry-after'];
  if (after !== undefined && /^\d{1,6}$/.test(after)) return Number(after) * 1000;
  if (after !== undefined && !Number.isNaN(Date.parse(after))) return Math.max(0, Date.parse(after) - Date.now());
  return status >= 500 ? SERVER_ERROR_WAIT_MS : undefined;
}
