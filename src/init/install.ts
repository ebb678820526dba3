/**
 * The command that installs the package on a runner: exactly one version, no install scripts. As a global package it
 * heeds no .npmrc of the repository.
 */
export function installCommand(version: string): string {
  return `npm install --global --ignore-scripts --no-audit --no-fund bacalhau-preflight@${version}`;
}
