import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { digestOf, type TestImage } from './images.js';
import { listen, portOf } from './listen.js';

/** A request that a fake registry saw. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

export interface FakeRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly seen: readonly SeenRequest[];
  readonly stop: () => Promise<void>;
}

/** Answers a request, or gives false to let the registry do what a good one does. */
export type Answering = (request: IncomingMessage, response: ServerResponse, host: string) => boolean;

/** Starts a registry in memory that serves one image under every repository and tag, as far as `answer` lets it. */
export async function startFakeRegistry(image: TestImage, answer: Answering = () => false): Promise<FakeRegistry> {
  const seen: SeenRequest[] = [];
  let host = '';
  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    seen.push({ method, path, authorization: headers.authorization });
    if (!answer(request, response, host)) serve(image, path, response);
  });
  await listen(server);
  host = `127.0.0.1:${portOf(server)}`;
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { host, seen, stop };
}

function serve(image: TestImage, path: string, response: ServerResponse): void {
  const [, kind, name = ''] = /\/(manifests|blobs)\/([^/?]+)/.exec(path) ?? [];
  const manifest = name.startsWith('sha256:') ? image.manifests.find(({ digest }) => digest === name) : image.root;
  const blob = kind === 'manifests' ? manifest : image.blobs.find(({ digest }) => digest === name);
  if (blob === undefined) {
    const error = { code: kind === 'blobs' ? 'BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN', message: 'not here' };
    sendJson(response, 404, { errors: [error] });
    return;
  }
  response.writeHead(200, { 'content-type': blob.mediaType, 'docker-content-digest': blob.digest }).end(blob.bytes);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Answers manifest requests with these bytes, and a digest header that fits them. */
export function sendManifest(response: ServerResponse, bytes: Buffer, mediaType: string): void {
  response.writeHead(200, { 'content-type': mediaType, 'docker-content-digest': digestOf(bytes) }).end(bytes);
}
