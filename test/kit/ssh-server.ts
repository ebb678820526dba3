import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen, portOf } from './listen.js';
import { ended } from './registry.js';

/** A running OpenSSH server on a port of this machine, with keys that were made for it. */
export interface SshServer {
  /** A name that only the client's own settings know: they hold address, port, user and key. */
  readonly name: string;
  /** For PATH: an `ssh` that has these settings, and nothing of the person who runs the tests. */
  readonly path: string;
  /** Changes the client's settings. */
  readonly configure: (changes: Readonly<Record<string, string>>) => Promise<void>;
  /** How often somebody has logged in. */
  readonly logins: () => number;
  readonly stop: () => Promise<void>;
}

/** What tests with it need, for `describeWith`. */
export const SSH_NEEDS = ['ssh', 'sshd', 'ssh-keygen'];

/**
 * Starts a server for root, with files below a temporary folder.
 *
 * @param env variables of those who log in
 */
export async function startSshServer(env: Readonly<Record<string, string>>): Promise<SshServer> {
  const folder = await mkdtemp(join(tmpdir(), 'ssh-'));
  const file = (name: string): string => join(folder, name);
  const key = (name: string): void =>
    void execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file(name)]);
  key('host');
  key('user');
  const free = await listen(createServer());
  const port = portOf(free);
  await new Promise((resolve) => free.close(resolve));
  const known = `[127.0.0.1]:${String(port)} ${await readFile(file('host.pub'), 'utf8')}`;
  await writeFile(file('known'), known);
  await writeFile(
    file('sshd_config'),
    [
      `ListenAddress 127.0.0.1:${String(port)}`,
      `HostKey ${file('host')}`,
      `AuthorizedKeysFile ${file('user.pub')}`,
      'PidFile none',
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'StrictModes no',
      'UsePAM no',
      `SetEnv ${Object.entries(env)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}`,
      '',
    ].join('\n'),
  );
  const settings = {
    HostName: '127.0.0.1',
    Port: String(port),
    User: 'root',
    IdentityFile: file('user'),
    IdentitiesOnly: 'yes',
    UserKnownHostsFile: file('known'),
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
  };
  const configure = (changes: Readonly<Record<string, string>>): Promise<void> =>
    writeFile(
      file('config'),
      `Host engine\n${Object.entries({ ...settings, ...changes })
        .map(([name, value]) => `  ${name} ${value}\n`)
        .join('')}`,
    );
  await configure({});
  // ssh looks for its settings in the home of the account, whatever HOME says.
  const ssh = execFileSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
  const path = file('bin');
  await mkdir(path);
  await writeFile(join(path, 'ssh'), `#!/bin/sh\nexec ${ssh} -F ${file('config')} "$@"\n`);
  await chmod(join(path, 'ssh'), 0o755);
  await mkdir('/run/sshd', { recursive: true }); // where init systems make it
  const sshd = execFileSync('sh', ['-c', 'command -v sshd'], { encoding: 'utf8' }).trim();
  const child = spawn(sshd, ['-D', '-e', '-f', file('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('Server listening on')) resolve();
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`sshd ended: ${log}`)));
  });
  return {
    name: 'engine',
    path,
    configure,
    logins: () => log.split('Accepted publickey').length - 1,
    stop: async () => {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
