import { execFileSync } from 'node:child_process';

/**
 * Copies an image with skopeo: from registries without TLS, and with nothing of the person who runs the tests.
 *
 * @param folder for what skopeo needs on the way
 * @param global options that stand before `copy`
 */
export function skopeoCopy(args: readonly string[], folder: string, global: readonly string[] = []): void {
  const before = ['--insecure-policy', '--tmpdir', folder, ...global];
  execFileSync('skopeo', [...before, 'copy', '--quiet', '--src-tls-verify=false', '--dest-tls-verify=false', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, HOME: folder },
  });
}
