/** A domain that Bacalhau takes and that matches no host, with the one that was meant. */
export interface UselessDomain {
  /** What does not belong there, for people. */
  readonly because: string;
  readonly meant: string;
}

/**
 * Looks at a domain of a job's HTTP network. Bacalhau's check (`pkg/models/network.go`) is not anchored, so it takes
 * whatever contains a lower-case domain; the gateway matches bare host names, and with a leading dot their subdomains.
 *
 * @returns undefined for a domain that works, and for one that Bacalhau itself refuses
 */
export function uselessDomain(domain: string): UselessDomain | undefined {
  const reasons: string[] = [];
  let rest = domain;
  const scheme = rest.indexOf('://');
  if (scheme >= 0) {
    reasons.push('a scheme');
    rest = rest.slice(scheme + 3);
  }
  const path = rest.search(/[/?#]/);
  if (path >= 0) {
    // The slash that ends a plain address is no path of its own.
    if (path < rest.length - 1 || scheme < 0) reasons.push('a path');
    rest = rest.slice(0, path);
  }
  const port = /^[^:]*(?=:\d+$)/.exec(rest);
  if (port !== null) {
    reasons.push('a port');
    rest = port[0];
  }
  if (rest.startsWith('*.')) {
    reasons.push('a *');
    rest = rest.slice(1);
  }
  if (reasons.length === 0 || !isBareHost(rest)) return undefined;
  return { because: reasons.join(' and '), meant: rest };
}

/**
 * Says whether the gateway lets a host through: `example.com` is that host alone, `.example.com` is it and all below.
 * A useless domain counts as the one that was meant, and a template variable without a value as any.
 */
export function domainCovers(domain: string, host: string): boolean {
  if (domain.includes('{{')) return true;
  const bare = uselessDomain(domain)?.meant ?? domain;
  return bare === host || (bare.startsWith('.') && (bare.slice(1) === host || host.endsWith(bare)));
}

/** A lower-case name with a top-level domain: without one in the text, Bacalhau itself refuses it. */
function isBareHost(text: string): boolean {
  return /^[a-z0-9._-]+\.[a-z]{2,}$/.test(text);
}
