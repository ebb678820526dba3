/** What an address without its scheme is: the page of an image, another page of such a site, or something else. */
export interface WebPage {
  readonly kind: 'page' | 'other';
  /** The reference of the image that is shown there, when it can be told. */
  readonly image?: string;
}

/**
 * Takes an address without scheme (`hub.docker.com/r/bitnami/kubectl`) and tells the image behind it.
 * `hub.docker.com` and `github.com` serve pages and no images. Other hosts may be registries: their path is
 * taken for a reference (`ghcr.io/org/image`).
 */
export function imageOfWebPage(address: string): WebPage {
  const path = address.split(/[?#]/, 1)[0] ?? '';
  const [host = '', ...parts] = path.split('/').filter((part) => part !== '');
  switch (host.toLowerCase()) {
    case 'hub.docker.com':
      return page(hubImage(parts));
    case 'github.com':
    case 'www.github.com':
      return page(githubImage(parts));
    case 'quay.io':
      return parts[0] === 'repository' && parts.length >= 3
        ? page(`quay.io/${parts.slice(1, 3).join('/')}`)
        : { kind: 'other', image: path };
    default:
      return { kind: 'other', image: path };
  }
}

function page(image: string | undefined): WebPage {
  return image === undefined ? { kind: 'page' } : { kind: 'page', image };
}

/** `/_/NAME`, `/r/USER/NAME`, `/layers/USER/NAME`, `/repository/docker/USER/NAME`. */
function hubImage(parts: readonly string[]): string | undefined {
  const [first, second, third, fourth] = parts;
  if (first === '_' && second !== undefined) return second;
  if ((first === 'r' || first === 'layers') && second !== undefined && third !== undefined) {
    return second === 'library' ? third : `${second}/${third}`;
  }
  if (first === 'repository' && third !== undefined && fourth !== undefined) return `${third}/${fourth}`;
  return undefined;
}

/** `/orgs/ORG/packages/container/package/NAME`, `/ORG/REPOSITORY/pkgs/container/NAME`. */
function githubImage(parts: readonly string[]): string | undefined {
  const at = parts.indexOf('container');
  if (at < 1) return undefined;
  const owner = parts[0] === 'orgs' || parts[0] === 'users' ? parts[1] : parts[0];
  const name = parts[at + 1] === 'package' ? parts[at + 2] : parts[at + 1];
  if (owner === undefined || name === undefined) return undefined;
  return `ghcr.io/${owner}/${decodePercent(name)}`.toLowerCase();
}

function decodePercent(text: string): string {
  return text.replace(/%2f/gi, '/');
}
