import { createServer, type RequestListener } from 'node:http';
import { listen, portOf } from './listen.js';

/** A web server of this machine that answers as a test wants, and remembers what it was asked. */
export interface WebServer {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly url: (path: string) => string;
  /** Requests so far, each as `METHOD PATH`. */
  readonly seen: string[];
  readonly stop: () => Promise<void>;
}

/** Starts a server with an answer for each path (without query); others are not found. */
export async function startWebServer(answers: Readonly<Record<string, RequestListener>>): Promise<WebServer> {
  const seen: string[] = [];
  const server = await listen(
    createServer((request, response) => {
      const { method = '', url = '/' } = request;
      seen.push(`${method} ${url}`);
      const answer = answers[url.split('?', 1)[0] ?? ''];
      if (answer === undefined) response.writeHead(404).end();
      else answer(request, response);
    }),
  );
  const host = `127.0.0.1:${portOf(server)}`;
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { host, url: (path) => `http://${host}${path}`, seen, stop };
}

/** Serves a file as most servers do. */
export function file(
  content: string,
  type = 'text/csv',
  headers: Readonly<Record<string, string>> = {},
): RequestListener {
  return ({ method }, response) => {
    const length = String(Buffer.byteLength(content));
    response.writeHead(200, { 'content-type': type, 'content-length': length, ...headers });
    response.end(method === 'HEAD' ? undefined : content);
  };
}

export function redirectTo(location: string, status = 302): RequestListener {
  return (_, response) => void response.writeHead(status, { location }).end();
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_, response) => void response.writeHead(code, headers).end();
}
