import { createServer, request as ask, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { SelfSigned } from './certificate.js';
import { listen, portOf } from './listen.js';

/** A registry seen through a door that counts. */
export interface Recorder {
  /** `ADDRESS:PORT`, to be used instead of the registry's own. */
  readonly host: string;
  /** Requests so far, each as `METHOD PATH STATUS`, with ` basic` or ` bearer` where a login was sent. */
  readonly seen: string[];
  readonly stop: () => Promise<void>;
}

export interface RecorderOptions {
  readonly address?: string;
  /** Serves over TLS. */
  readonly tls?: SelfSigned;
  /** Stands before each line. */
  readonly label?: string;
  /** Where lines go, if several doors share a book. */
  readonly seen?: string[];
}

/** Hands every request on to a registry and writes down what was asked and answered. */
export async function startRecorder(registry: string, options: RecorderOptions = {}): Promise<Recorder> {
  const { address = '127.0.0.1', seen = [], label, tls } = options;
  const listener: RequestListener = (incoming, outgoing) => {
    const { method = '', url = '/', headers } = incoming;
    const login = headers.authorization?.split(' ')[0]?.toLowerCase();
    const forwarded = ask(`http://${registry}${url}`, { method, headers }, (answer) => {
      const status = answer.statusCode ?? 0;
      const line = [label, method, url, String(status), login];
      seen.push(line.filter((part) => part !== undefined).join(' '));
      outgoing.writeHead(status, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  };
  const server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ cert: tls.certificatePem, key: tls.privateKeyPem }, listener);
  await listen(server, address);
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { host: `${address}:${portOf(server)}`, seen, stop };
}
