import * as http from 'node:http';
import * as https from 'node:https';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import Docker from 'dockerode';
import type { Environment } from '../docker-config.js';
import { CannotLook } from '../../net/failure.js';
import type { Endpoint } from './endpoint.js';
import { sshAgent } from './ssh.js';

declare module 'dockerode' {
  interface DockerOptions {
    /** Known to dockerode, missing in its types. */
    agent?: http.Agent | undefined;
  }
}

/** A client of the engine with connections of its own, which end when `close` is called, also in the middle of a call. */
export interface Engine {
  readonly docker: Docker;
  readonly close: () => void;
}

/** Opens a client of the engine; nothing is connected before the first call. */
export function openEngine(endpoint: Endpoint, env: Environment): Engine {
  switch (endpoint.kind) {
    case 'unix': {
      const agent = new http.Agent();
      return closedWith(agent, clientOf({ socketPath: endpoint.socketPath, agent }));
    }
    case 'tcp': {
      const { host, port, tls } = endpoint;
      if (tls === undefined) {
        const agent = new http.Agent({ keepAlive: true });
        return closedWith(agent, clientOf({ protocol: 'http', host, port, agent }));
      }
      const { ca, cert, key, verifies } = tls;
      const agent = new https.Agent({ ca, cert, key, rejectUnauthorized: verifies, keepAlive: true });
      return closedWith(agent, clientOf({ protocol: 'https', host, port, agent }));
    }
    case 'ssh': {
      const agent = sshAgent(endpoint, env);
      // The name stands in the Host header only: the agent decides where the connection goes.
      return closedWith(agent, clientOf({ protocol: 'http', host: 'docker', port: 80, agent }));
    }
  }
}

/**
 * docker-modem mixes into what it is told its own reading of the environment where DOCKER_HOST is set: it throws where a
 * file below DOCKER_CERT_PATH is missing, and DOCKER_CLIENT_TIMEOUT would end a container that says nothing for so long.
 */
function clientOf(options: Docker.DockerOptions): Docker {
  const { DOCKER_HOST } = process.env;
  delete process.env.DOCKER_HOST;
  try {
    return new Docker(options);
  } finally {
    if (DOCKER_HOST !== undefined) process.env.DOCKER_HOST = DOCKER_HOST;
  }
}

function closedWith(agent: http.Agent, docker: Docker): Engine {
  return { docker, close: () => agent.destroy() };
}

/** What dockerode sends requests with; it has no types. */
interface Modem {
  readonly dial: (call: object, done: (error: Error | null, data: unknown) => void) => void;
}

/** The end of a container that was yet to be started. */
export interface AwaitedExit {
  /** Resolves when the container has run and ended; rejects when the engine goes away before. */
  readonly exit: Promise<void>;
}

/**
 * Lets the engine wait for the end of a container that is not started yet. It is to be started only when this has
 * resolved: what ends before the engine waits has no next exit, and the wait would not end either. dockerode's own
 * `wait` would never come back from an engine that goes away meanwhile: it hears nothing of an answer that breaks off.
 *
 * @throws as its calls do
 */
export async function awaitExit(docker: Docker, id: string, abortSignal: AbortSignal): Promise<AwaitedExit> {
  // The head of the answer comes as soon as the engine waits (moby, `postContainersWait`, since API 1.30).
  const answer = await dial(docker, {
    path: `/containers/${id}/wait?`,
    options: { condition: 'next-exit' },
    method: 'POST',
    isStream: true,
    abortSignal,
    statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
  });
  if (!(answer instanceof Readable)) throw new Error('the answer is no stream');
  const exit = finished(answer.resume(), { writable: false });
  exit.catch(() => undefined); // nobody looks at it when the container never started
  return { exit };
}

/** Asks the engine for JSON where dockerode leaves out the query of a call. Throws as its calls do. */
export function getJson(
  docker: Docker,
  path: string,
  query: Readonly<Record<string, number | string>>,
): Promise<unknown> {
  return dial(docker, {
    path: `${path}?`,
    options: query,
    method: 'GET',
    statusCodes: { 200: true, 404: 'not found', 500: 'server error' },
  });
}

function dial({ modem }: { modem: unknown }, call: object): Promise<unknown> {
  if (!isModem(modem)) throw new Error('dockerode has no modem');
  return new Promise((resolve, reject) => {
    modem.dial(call, (error, data) => {
      if (error === null) resolve(data);
      else reject(error);
    });
  });
}

function isModem(value: unknown): value is Modem {
  return typeof value === 'object' && value !== null && 'dial' in value;
}

/** Turns what a call of the engine throws into a phrase; undefined for "no such object" (404). */
export function engineFailure(error: unknown, endpoint: Endpoint): CannotLook | undefined {
  if (error instanceof CannotLook) return error;
  const statusCode = field(error, 'statusCode');
  if (statusCode === 404) return undefined;
  if (typeof statusCode === 'number') return new CannotLook(`the Docker engine answered ${statusCode}`);
  const code = field(error, 'code');
  if (code === 'EACCES' || code === 'EPERM') {
    return new CannotLook(`no permission to use the Docker engine at ${endpoint.text}`);
  }
  const what = endpoint.kind === 'tcp' && typeof code === 'string' ? tcpFailure(code) : undefined;
  if (what !== undefined) return new CannotLook(`the Docker engine at ${endpoint.text} ${what}`);
  return new CannotLook(`no Docker engine at ${endpoint.text}`);
}

/** What went wrong after a connection was made; undefined when none was. */
function tcpFailure(code: string): string | undefined {
  if (/_ALERT_\w*(?:CERT|_CA$)/.test(code)) return `wants a TLS certificate, and not the one of ours (${code})`;
  if (/CERT|SIGNATURE|ISSUER|SIGNED|VERIFY|ALTNAME/.test(code)) {
    return `has a TLS certificate that is not trusted (${code})`;
  }
  if (code === 'EPROTO' || /^ERR_(?:SSL|TLS)_/.test(code)) return `does not speak TLS (${code})`;
  return code === 'ECONNRESET' || code.startsWith('HPE_') ? 'does not answer in the way of one' : undefined;
}

function field(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}
