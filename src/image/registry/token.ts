import { CannotLook } from '../../net/failure.js';
import { asText, parseJsonObject } from '../json.js';
import { hostReach } from '../../net/host.js';
import type { Challenge } from './challenge.js';
import type { Credentials } from './credentials.js';
import { mayHoldCredentials } from './hub.js';
import { statusText } from '../../net/status-text.js';
import type { HttpRequest, HttpResponse, Transport } from '../../net/transport.js';

/** The header that answers a challenge, or that the registry wants more than we have. */
export type Authorization =
  { readonly kind: 'granted'; readonly header: string } | { readonly kind: 'refused'; readonly status: number };

export interface TokenContext {
  readonly transport: Transport;
  /** Registry of the reference, `host[:port]`. */
  readonly registry: string;
  readonly repository: string;
  /** Whether the registry itself may be asked over plain HTTP. */
  readonly insecure: boolean;
}

const MOST_TOKEN_BYTES = 64 * 1024;

/**
 * Answers the challenges of a registry, with credentials or without: basic with the password, bearer with a token
 * from the realm that the registry names (distribution spec, "Token Authentication").
 */
export async function authorize(
  challenges: readonly Challenge[],
  credentials: Credentials | undefined,
  context: TokenContext,
): Promise<Authorization> {
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  if (bearer !== undefined) return fetchToken(bearer, credentials, context);
  const basic = challenges.some(({ scheme }) => scheme === 'basic');
  if (!basic) throw new CannotLook(`${context.registry} asks for a login in a way that is not known`);
  if (credentials?.kind !== 'password') return { kind: 'refused', status: 401 };
  return { kind: 'granted', header: basicHeader(credentials.username, credentials.password) };
}

async function fetchToken(
  challenge: Challenge,
  credentials: Credentials | undefined,
  context: TokenContext,
): Promise<Authorization> {
  const realm = realmOf(challenge, context);
  const trusted = credentials !== undefined && mayHoldCredentials(context.registry, realm.hostname);
  if (credentials !== undefined && !trusted) {
    throw new CannotLook(`${context.registry} wants its credentials sent to ${realm.host}, which is not its own host`);
  }
  const response = await context.transport.send(tokenRequest(realm, challenge, credentials, context));
  if (response.status === 401 || response.status === 403) return { kind: 'refused', status: response.status };
  if (response.status >= 300 && response.status < 400) {
    throw new CannotLook(`the token server ${realm.host} answered with a redirect, which is not followed`);
  }
  if (response.status !== 200) {
    throw new CannotLook(`the token server ${realm.host} answered ${statusText(response.status)}`);
  }
  return { kind: 'granted', header: `Bearer ${tokenOf(response, realm)}` };
}

/** The realm must be https, or plain http where the registry itself may be: on this machine, or as the user allows. */
function realmOf(challenge: Challenge, { registry, insecure }: TokenContext): URL {
  const text = challenge.params.get('realm') ?? '';
  if (!URL.canParse(text)) throw new CannotLook(`${registry} names no valid token server`);
  const realm = new URL(text);
  if (realm.username !== '' || realm.password !== '') {
    throw new CannotLook(`${registry} names a token server with a password in its address`);
  }
  const mayBePlain = insecure && (hostReach(realm.host) === 'loopback' || realm.host === registry);
  if (realm.protocol === 'https:' || (realm.protocol === 'http:' && mayBePlain)) return realm;
  throw new CannotLook(`${registry} names a token server without TLS (${realm.protocol}//${realm.host})`);
}

function tokenRequest(
  realm: URL,
  challenge: Challenge,
  credentials: Credentials | undefined,
  context: TokenContext,
): HttpRequest {
  const scope = challenge.params.get('scope') ?? `repository:${context.repository}:pull`;
  const service = challenge.params.get('service');
  const common = { maxBytes: MOST_TOKEN_BYTES, verifiesCertificate: !context.insecure };
  if (credentials?.kind === 'identity-token') {
    const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'bacalhau-preflight', scope });
    form.set('refresh_token', credentials.token);
    if (service !== undefined) form.set('service', service);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { ...common, url: realm, method: 'POST', headers, body: form.toString() };
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  if (credentials === undefined) return { ...common, url };
  url.searchParams.set('account', credentials.username);
  const headers = { authorization: basicHeader(credentials.username, credentials.password) };
  return { ...common, url, headers };
}

function tokenOf(response: HttpResponse, realm: URL): string {
  const json = parseJsonObject(response.body, `the answer of the token server ${realm.host}`);
  const token = asText(json.token) ?? asText(json.access_token);
  // Anything outside of these cannot stand in a header.
  if (token === undefined || !/^[\x21-\x7e]+$/.test(token)) {
    throw new CannotLook(`the token server ${realm.host} gave no token`);
  }
  return token;
}

function basicHeader(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
