import { isIP } from '../text/ip.js';
import { compareReleases } from '../target/release.js';
import type { JobProblem, Network, Port } from './job-spec.js';
import { bad, shown, unknown } from './problem.js';

/** Gives the network modes that a release knows, in lower case; they are compared without case. */
export function networkModes(release: string): string[] {
  const since = (first: string): boolean => compareReleases(release, first) >= 0;
  return [
    'none',
    'full',
    'http',
    ...(since('1.6.4') ? ['host', 'bridge'] : []),
    ...(since('1.7.0') ? ['default'] : []),
  ];
}

/**
 * What Bacalhau takes for a domain (`pkg/models/network.go`). It is not anchored, so that a whole URL passes; only
 * lower case counts. Of its pattern this is the part that decides, in linear time.
 */
const DOMAIN = /\b[a-z0-9]+\.[a-z]{2,}\b/;

/** Gives what Bacalhau's client refuses in a task's Network (`pkg/models/network.go`). */
export function networkProblems(network: Network | undefined, release: string): JobProblem[] {
  if (network === undefined) return [];
  const { type, domains } = network;
  if (type !== undefined && unknown(type)) return [];
  const problems: JobProblem[] = [];
  const mode = (type?.value ?? '').trim().toLowerCase();
  const known = networkModes(release);
  if (type !== undefined && !known.includes(mode)) {
    const message = `${shown(type.value)} is no network mode of Bacalhau ${release}, and the client refuses it; the modes are ${known.join(', ')}`;
    return [bad(type, message, { quote: `models.Network: unknown type '${type.value}'` })];
  }
  const domainsWithoutHttp = domains.length > 0 && mode !== 'http' && compareReleases(release, '1.6.4') >= 0;
  if (domainsWithoutHttp) {
    const message = `Domains are only for network mode HTTP, and the mode here is ${type?.value ?? 'not given'}: the client refuses the job`;
    problems.push(bad(type ?? network.at, message, { quote: 'domains can only be set for HTTP network mode' }));
  }
  for (const domain of domains) {
    if (unknown(domain) || isIP(domain.value) || DOMAIN.test(domain.value)) continue;
    const lower = domain.value.toLowerCase();
    const replacement = DOMAIN.test(lower) ? lower : undefined;
    const message = `${shown(domain.value)} is no domain to the client, which wants a name with a dot, in lower case, or an IP address, and refuses the job`;
    problems.push(bad(domain, message, { quote: `invalid domain "${domain.value}"`, replacement }));
  }
  return compareReleases(release, '1.6.4') < 0 ? problems : [...problems, ...portProblems(network, mode)];
}

function portProblems({ ports, type, at }: Network, mode: string): JobProblem[] {
  if (ports.length === 0) return [];
  const problems: JobProblem[] = [];
  if (!['host', 'bridge', 'full'].includes(mode)) {
    const message = `Ports are only for network modes Host and Bridge, and the mode here is ${type?.value ?? 'not given'}: the client refuses the job`;
    problems.push(bad(type ?? at, message, { quote: 'ports can only be set for Host or Bridge network modes' }));
    return problems;
  }
  for (const port of ports) problems.push(...onePort(port, mode));
  const repeated = [
    ...twice(ports, 'name', (port) => port.name?.value),
    ...twice(ports, 'static port', (port) => (port.static?.value === 0 ? undefined : port.static?.value)),
    ...twice(ports, 'target port', (port) => (port.target?.value === 0 ? undefined : port.target?.value)),
  ];
  for (const problem of repeated) problems.push(problem);
  return problems;
}

function onePort(port: Port, mode: string): JobProblem[] {
  const { name, static: fixed, target, hostNetwork } = port;
  const problems: JobProblem[] = [];
  if (name === undefined || name.value === '')
    problems.push(
      bad(name ?? port, 'this port has no Name, by which the program is told its number; the client refuses the job', {
        quote: 'port mapping name is required',
      }),
    );
  else if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.value) || name.value.length > 237) {
    problems.push(
      bad(
        name,
        `the port name ${shown(name.value)} cannot be a part of a variable's name, and the client refuses it: letters, digits and _ can, and no digit at the start`,
      ),
    );
  }
  if (fixed !== undefined && fixed.value !== 0 && (fixed.value < 1024 || fixed.value > 65535)) {
    problems.push(
      bad(fixed, `the static port ${String(fixed.value)} is not between 1024 and 65535, and the client refuses it`),
    );
  }
  if (target !== undefined && (target.value < 0 || target.value > 65535)) {
    problems.push(
      bad(target, `the target port ${String(target.value)} is not between 0 and 65535, and the client refuses it`),
    );
  }
  if (target !== undefined && target.value !== 0 && (mode === 'host' || mode === 'full')) {
    problems.push(
      bad(
        target,
        'a target port has no meaning in network mode Host, where the program listens on the node itself; the client refuses it',
        {
          quote: 'target ports cannot be set for Host network mode',
        },
      ),
    );
  }
  if (hostNetwork !== undefined && hostNetwork.value !== '' && !isIP(hostNetwork.value)) {
    problems.push(
      bad(hostNetwork, `HostNetwork ${shown(hostNetwork.value)} is no IP address, and the client refuses it`),
    );
  }
  return problems;
}

function twice(ports: readonly Port[], what: string, of: (port: Port) => string | number | undefined): JobProblem[] {
  const first = new Map<string | number, Port>();
  const problems: JobProblem[] = [];
  for (const port of ports) {
    const value = of(port);
    if (value === undefined || value === '') continue;
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, port);
    else {
      problems.push({
        kind: 'duplicate-value',
        at: port,
        message: `two ports have the ${what} ${String(value)}, and the client refuses the job`,
        related: { at: earlier, message: 'the first one' },
      });
    }
  }
  return problems;
}
