import { describe, expect, test } from '@jest/globals';
import { parseEndpoint, socketPaths } from '../../src/image/engine/endpoint.js';

describe('parseEndpoint', () => {
  test.each([
    ['unix:///run/docker.sock', { kind: 'unix', socketPath: '/run/docker.sock' }],
    ['tcp://build.example:2375', { kind: 'tcp', host: 'build.example', port: 2375 }],
    ['build.example:2375', { kind: 'tcp', host: 'build.example', port: 2375 }],
    ['tcp://build.example', { kind: 'tcp', host: 'build.example', port: 2375 }],
    ['https://build.example', { kind: 'tcp', host: 'build.example', port: 2376, tls: { verifies: true } }],
    ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375 }],
    ['ssh://me@build.example', { kind: 'ssh', host: 'build.example', user: 'me' }],
    ['ssh://build.example:2222', { kind: 'ssh', host: 'build.example', port: 2222 }],
    ['ssh://build.example/run/d%20r.sock', { kind: 'ssh', host: 'build.example', socketPath: '/run/d r.sock' }],
  ])('%s', (text, expected) => {
    expect(parseEndpoint(text)).toMatchObject(expected);
  });

  test("leaves to ssh's own settings what is not said", () => {
    expect(parseEndpoint('ssh://build')).toEqual({ kind: 'ssh', text: 'ssh://build', host: 'build' });
    expect(parseEndpoint('ssh://build/')).toEqual({ kind: 'ssh', text: 'ssh://build', host: 'build' });
  });

  test('shows no password', () => {
    expect(parseEndpoint('tcp://me:secret@build.example:2375').text).toBe('tcp://build.example:2375');
  });

  test('with TLS the port is another', () => {
    expect(parseEndpoint('tcp://build.example', { verifies: true })).toMatchObject({ port: 2376 });
  });
});

test("the system's engine comes before rootless and Podman's", () => {
  expect(socketPaths({ HOME: '/home/me', XDG_RUNTIME_DIR: '/run/user/1000' })).toEqual([
    '/var/run/docker.sock',
    '/run/user/1000/docker.sock',
    '/home/me/.docker/run/docker.sock',
    '/home/me/.docker/desktop/docker.sock',
    '/run/user/1000/podman/podman.sock',
    '/run/podman/podman.sock',
  ]);
});
