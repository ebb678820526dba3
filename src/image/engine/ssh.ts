import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { Duplex } from 'node:stream';
import type { Environment } from '../docker-config.js';
import type { Endpoint } from './endpoint.js';

/**
 * Gives an agent whose connections run through the user's own `ssh`, as those of the Docker command line do
 * (`docker system dial-stdio`): keys, known hosts and jump hosts are the user's. It never asks for a password.
 */
export function sshAgent(endpoint: Endpoint & { kind: 'ssh' }, env: Environment): Agent {
  const { host, port, user } = endpoint;
  const login = user === undefined ? [] : ['-l', user];
  const batch = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10'];
  const args = [...batch, ...login, '-p', String(port), '-T', '--', host, 'docker', 'system', 'dial-stdio'];
  const agent = new Agent();
  agent.createConnection = () => {
    const child = spawn('ssh', args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    const connection = Duplex.from({ readable: child.stdout, writable: child.stdin });
    child.on('error', (error) => connection.destroy(error));
    connection.on('close', () => child.kill());
    return connection;
  };
  return agent;
}
