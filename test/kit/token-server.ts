import { sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { basicLogin } from './account.js';
import { selfSigned, type SelfSigned } from './certificate.js';
import { listen, portOf } from './listen.js';

/** A token server as the distribution project describes it ("Token Authentication", "OAuth2 Token Authentication"). */
export interface TokenServer {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** The certificate that a registry has to trust, PEM. */
  readonly certificate: string;
  /** What was asked of it, each as `METHOD who scope`; who is `anonymous`, `account`, `refresh token` or `refused`. */
  readonly seen: readonly string[];
  /** Tokens that it gave out. */
  readonly given: readonly string[];
  readonly stop: () => Promise<void>;
}

const SERVICE = 'test-registry';
const ISSUER = 'test-issuer';
/** What `docker login` keeps instead of the password where a token server gives it one. */
export const REFRESH_TOKEN = 'refresh-me-quietly';

/** Says whether everyone may pull a repository; others are for the account only. */
export type IsPublic = (repository: string) => boolean;

/** Starts a token server; without being told otherwise, repositories below `public/` are for everyone. */
export async function startTokenServer(
  isPublic: IsPublic = (name) => name.startsWith('public/'),
): Promise<TokenServer> {
  const key = selfSigned('token server');
  const seen: string[] = [];
  const given: string[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const params = request.method === 'POST' ? new URLSearchParams(body) : url.searchParams;
      const who = callerOf(request, params);
      const scopes = params.getAll('scope').flatMap((scope) => scope.split(' '));
      seen.push(`${request.method ?? ''} ${who} ${scopes.join(' ')}`);
      if (who === 'refused') {
        response.writeHead(401).end('{"details":"incorrect username or password"}');
        return;
      }
      const token = tokenFor(scopes, who === 'anonymous' ? isPublic : undefined, key);
      given.push(token);
      const answer = request.method === 'POST' ? { access_token: token } : { token };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await listen(server);
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  const realm = `http://127.0.0.1:${portOf(server)}/token`;
  return { realm, service: SERVICE, issuer: ISSUER, certificate: key.certificatePem, seen, given, stop };
}

function callerOf(request: IncomingMessage, params: URLSearchParams): string {
  if (request.method === 'POST') return params.get('refresh_token') === REFRESH_TOKEN ? 'refresh token' : 'refused';
  const login = request.headers.authorization;
  if (login === undefined) return 'anonymous';
  return login === basicLogin() ? 'account' : 'refused';
}

/** Without `isPublic`, the caller may do what it asks for. */
function tokenFor(scopes: readonly string[], isPublic: IsPublic | undefined, key: SelfSigned): string {
  const access = scopes.flatMap((scope) => {
    const [type, name = '', actions = ''] = scope.split(':');
    const allowed = actions
      .split(',')
      .filter((action) => isPublic === undefined || (action === 'pull' && isPublic(name)));
    return allowed.length === 0 ? [] : [{ type, name, actions: allowed }];
  });
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: SERVICE, sub: 'test', nbf: now - 60, iat: now, exp: now + 300, access };
  const header = { typ: 'JWT', alg: 'RS256', x5c: [key.certificate.toString('base64')] };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), key.privateKey).toString('base64url')}`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
