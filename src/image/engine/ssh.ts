import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { Duplex } from 'node:stream';
import { CannotLook } from '../../net/failure.js';
import type { Environment } from '../docker-config.js';
import type { Endpoint } from './endpoint.js';

type SshEndpoint = Endpoint & { kind: 'ssh' };

/**
 * Gives an agent whose connections run through the user's own `ssh`, as those of the Docker command line do
 * (docker/cli, `cli/connhelper`: `docker system dial-stdio`): config, keys, agent, known hosts and jump hosts are the
 * user's. It never asks for a password. A connection is used again, since each one is a login.
 */
export function sshAgent(endpoint: SshEndpoint, env: Environment): Agent {
  const agent = new Agent({ keepAlive: true });
  agent.createConnection = () => connectionOf(endpoint, env);
  // What it would set on a socket, a pipe does not have.
  agent.keepSocketAlive = () => true;
  agent.reuseSocket = () => undefined;
  return agent;
}

function connectionOf(endpoint: SshEndpoint, env: Environment): Duplex {
  // In a session of its own: Ctrl-C must not end the connection before all that was made is removed through it.
  const child = spawn('ssh', sshArguments(endpoint), { env, stdio: 'pipe', detached: true });
  let said = '';
  const failed = (why: string): CannotLook =>
    new CannotLook(`the Docker engine at ${endpoint.text} is not reached: ${why}`);
  const connection = new Duplex({
    read: () => void child.stdout.resume(),
    write: (chunk: Buffer, _encoding, done) => void child.stdin.write(chunk, () => done()),
    final: (done) => void child.stdin.end(done),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-MOST_SAID)));
  child.stdout.on('data', (chunk: Buffer) => {
    if (!connection.push(chunk)) child.stdout.pause();
  });
  child.stdin.on('error', () => undefined); // it has ended, which is told below
  child.on('error', () => connection.destroy(failed('the program ssh cannot be started')));
  // Not when its output ends: only then is it known why.
  child.on('close', (code) => {
    if (code === 0) connection.push(null);
    else connection.destroy(failed(`ssh says: ${lastLine(said)}`));
  });
  return connection;
}

const MOST_SAID = 4096;

/** @returns the arguments that the Docker command line gives to `ssh`, and that it must not ask */
export function sshArguments({ host, port, user, socketPath }: SshEndpoint): string[] {
  return [
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-T'],
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...['--', host, 'docker'],
    ...(socketPath === undefined ? [] : [quoted(`--host=unix://${socketPath}`)]),
    ...['system', 'dial-stdio'],
  ];
}

/** The other side's shell reads the words again. */
function quoted(word: string): string {
  return /^[\w/:=.-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The last line, of ssh itself or of the other side's shell; what comes before are warnings. */
function lastLine(said: string): string {
  const lines = said.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.at(-1) ?? 'nothing';
}
