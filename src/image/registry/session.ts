import { CannotLook, NoConnection, NoTls } from '../../net/failure.js';
import { hostReach } from '../../net/host.js';
import type { ImageReference } from '../reference.js';
import { parseChallenges } from './challenge.js';
import type { Credentials } from './credentials.js';
import { servingHost } from './hub.js';
import { isRedirect, redirectTarget } from '../../net/redirect.js';
import { statusText } from '../../net/status-text.js';
import { authorize } from './token.js';
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
  /** Asks for no more than the status and headers of a path. Nothing is tried twice: a GET can still follow. */
  readonly head: (path: string, accept: string) => Promise<Answer>;
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
  /** Waits; rejects when the signal ends the look. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What is asked for, at the registry and where it redirects to. */
type Wanted = Pick<HttpRequest, 'maxBytes' | 'download'> & {
  readonly method: 'GET' | 'HEAD';
  readonly accept: string;
};

const MOST_REDIRECTS = 5;
/** A registry that asks to come back once more after each wait is not asked for ever. */
const MOST_TRIES = 3;
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

  const ask = async (path: string, wanted: Wanted): Promise<Answer> => {
    const fullPath = `/v2/${reference.repository}/${path}`;
    const send = (): Promise<HttpResponse> => sendToRegistry(fullPath, wanted);
    const attempt = (): Promise<HttpResponse> =>
      wanted.method === 'GET' ? patiently(send, base.host, options) : send();
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
  const get: Session['get'] = (path, accept, maxBytes, download) =>
    ask(path, { method: 'GET', accept, maxBytes, ...(download === undefined ? {} : { download }) });
  const head: Session['head'] = (path, accept) => ask(path, { method: 'HEAD', accept, maxBytes: 0 });
  return { get, head, secrets };
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
    response = wanted.method === 'GET' ? await patiently(send, next.host, options) : await send();
  }
  const redirected = url.host !== from.host;
  if (redirected && response.status !== 200 && wanted.method === 'GET') {
    throw new CannotLook(`${url.host}, where ${from.host} redirects to, answered ${statusText(response.status)}`);
  }
  return { response, host: url.host };
}

/** Sends again after 429 when its Retry-After ends before the look does, and once after a server error. */
async function patiently(
  send: () => Promise<HttpResponse>,
  host: string,
  options: Pick<SessionOptions, 'remainingMs' | 'signal' | 'wait'>,
): Promise<HttpResponse> {
  for (let tries = 1; ; tries++) {
    const response = await send();
    const { status } = response;
    if (status !== 429 && status < 500) return response;
    const waitMs = waitBeforeRetry(response);
    const most = status === 429 ? MOST_TRIES : 2;
    if (waitMs === undefined || tries === most || waitMs >= options.remainingMs()) throw refusedFor(response, host);
    try {
      await options.wait(waitMs, options.signal);
    } catch {
      throw refusedFor(response, host);
    }
  }
}

function refusedFor({ status, headers }: HttpResponse, host: string): CannotLook {
  const seconds = /^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0];
  const later = status === 429 && seconds !== undefined ? ` and asks to come back in ${seconds} s` : '';
  return new CannotLook(`${host} answered ${statusText(status)}${later}`);
}

/** Milliseconds to wait; undefined when a retry is not asked for. */
function waitBeforeRetry({ status, headers }: HttpResponse): number | undefined {
  const after = headers['retry-after'];
  if (after !== undefined && /^\d{1,6}$/.test(after)) return Number(after) * 1000;
  if (after !== undefined && !Number.isNaN(Date.parse(after))) return Math.max(0, Date.parse(after) - Date.now());
  return status >= 500 ? SERVER_ERROR_WAIT_MS : undefined;
}
