/** Names under which Docker Hub's registry is known. */
const HUB_HOSTS = ['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'];

export function isHub(registry: string): boolean {
  return HUB_HOSTS.includes(registry.toLowerCase());
}

/** Gives the host that serves a registry: that of Docker Hub has another name than its references. */
export function servingHost(registry: string): string {
  return registry === 'docker.io' || registry === 'index.docker.io' ? 'registry-1.docker.io' : registry;
}

/** The key of Docker Hub in the Docker config and in credential helpers. */
export const HUB_KEY = 'https://index.docker.io/v1/';

/** Token servers that do not live on the host of their registry, and that may see its passwords. */
const TOKEN_HOSTS: ReadonlyMap<string, string> = new Map([
  ['registry.gitlab.com', 'gitlab.com'],
  ['registry.digitalocean.com', 'api.digitalocean.com'],
]);

/** Whether a token server may be sent the credentials of a registry: its own host, or the one known for it. */
export function mayHoldCredentials(registry: string, tokenHost: string): boolean {
  const host = tokenHost.toLowerCase();
  if (isHub(registry)) return host === 'auth.docker.io';
  const own = registry.toLowerCase();
  return host === own || host === withoutPort(own) || TOKEN_HOSTS.get(own) === host;
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}
