import { expect, test } from '@jest/globals';
import { createServer, type ServerResponse } from 'node:http';
import { startCapture } from '../../src/dryrun/capture.js';
import { runContainer } from '../../src/dryrun/container-run.js';
import { openEngine } from '../../src/image/engine/client.js';
import { listen, portOf } from '../kit/listen.js';

/** An engine whose one container ends as soon as it is started. `beforeWaiting` is what a slow connection costs. */
async function instantEngine(
  beforeWaiting: (url: string) => Promise<void>,
): Promise<{ port: number; close: () => void }> {
  let attached: ServerResponse | undefined;
  let waiting: ServerResponse | undefined;
  const server = await listen(
    createServer((request, answer) => {
      const { pathname } = new URL(request.url ?? '', 'http://engine');
      switch (pathname) {
        case '/containers/c/attach':
          attached = answer;
          answer.flushHeaders();
          return;
        case '/containers/c/wait':
          void beforeWaiting(`http://127.0.0.1:${String(portOf(server))}`).then(() => {
            waiting = answer;
            answer.flushHeaders();
          });
          return;
        case '/containers/c/start':
          answer.writeHead(waiting === undefined ? 500 : 204);
          answer.end(waiting === undefined ? JSON.stringify({ message: 'it ends, and nobody is told' }) : undefined);
          attached?.end();
          waiting?.end(JSON.stringify({ StatusCode: 3 }));
          return;
        case '/containers/c/json':
          answer.end(JSON.stringify({ State: { ExitCode: 3, OOMKilled: false } }));
          return;
        default:
          answer.writeHead(404).end();
      }
    }),
  );
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { port: portOf(server), close };
}

test('a container is started only when the engine waits for its end, which would not come a second time', async () => {
  const roundTrips = async (url: string): Promise<void> => {
    for (let i = 0; i < 10; i++) await (await fetch(url)).text();
  };
  const fake = await instantEngine(roundTrips);
  const engine = openEngine({ kind: 'tcp', text: 'tcp://127.0.0.1', host: '127.0.0.1', port: fake.port }, {});
  try {
    const end = await runContainer(engine.docker, engine.docker.getContainer('c'), {
      capture: { stdout: startCapture(), stderr: startCapture() },
      onOutput: () => undefined,
      timeLimit: 600,
      outputExceeds: () => Promise.resolve(false),
      signal: new AbortController().signal,
    });
    expect(end).toMatchObject({ ended: 'exited', exitCode: 3 });
  } finally {
    engine.close();
    fake.close();
  }
});
