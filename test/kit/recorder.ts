import { createServer, request as ask } from 'node:http';
import { listen, portOf } from './listen.js';

/** A registry seen through a door that counts. */
export interface Recorder {
  /** `ADDRESS:PORT`, to be used instead of the registry's own. */
  readonly host: string;
  /** Requests so far, each as `METHOD PATH STATUS`, with ` basic` or ` bearer` where a login was sent. */
  readonly seen: string[];
  readonly stop: () => Promise<void>;
}

/** Hands every request on to a registry and writes down what was asked and answered. */
export async function startRecorder(registry: string, address = '127.0.0.1'): Promise<Recorder> {
  const seen: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '/', headers } = incoming;
    const login = headers.authorization?.split(' ')[0]?.toLowerCase();
    const forwarded = ask(`http://${registry}${url}`, { method, headers }, (answer) => {
      const status = answer.statusCode ?? 0;
      seen.push([method, url, String(status), ...(login === undefined ? [] : [login])].join(' '));
      outgoing.writeHead(status, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await listen(server, address);
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { host: `${address}:${portOf(server)}`, seen, stop };
}
