import type { Server } from 'node:net';

/** Starts a server on a free port of 127.0.0.1, or of another address of this machine. */
export async function listen<T extends Server>(server: T, address = '127.0.0.1'): Promise<T> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, resolve);
  });
  return server;
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}
