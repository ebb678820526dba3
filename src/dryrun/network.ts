import { existsSync } from 'node:fs';
import type Docker from 'dockerode';
import { asObject, asText } from '../image/json.js';
import { startGateway, type Gateway } from './gateway.js';
import type { Labels } from './labels.js';
import type { RunPlan } from './plan.js';
import { CannotRun } from './cannot-run.js';

/** The network of a run. */
export interface RunNetwork {
  /** For the engine's NetworkMode. */
  readonly name: string;
  /** Variables that the container gets beside the plan's. */
  readonly env: readonly string[];
  readonly gateway?: Gateway;
}

/**
 * Makes the network that the job asks for. Mode HTTP gets a network of its own without a way out; in it the container
 * reaches this machine's address, where the filtering proxy listens in this process.
 *
 * @throws CannotRun when the job has no domains, or the engine is not on this machine
 */
export async function makeNetwork(
  docker: Docker,
  plan: RunPlan,
  { run, labels, allowedHosts }: { run: string; labels: Labels; allowedHosts: readonly string[] },
): Promise<RunNetwork> {
  if (plan.network.mode !== 'http') return { name: plan.network.mode, env: [] };
  const network = await docker.createNetwork({
    Name: `bacalhau-preflight-${run}`,
    Internal: true,
    Driver: 'bridge',
    Labels: { ...labels },
  });
  const address = gatewayAddress(await network.inspect());
  // Another machine's bridge may well have an address that one of this machine has too.
  if (!existsSync(`/sys/class/net/br-${network.id.slice(0, 12)}`)) throw new CannotRun(ELSEWHERE);
  try {
    const gateway = await startGateway({
      address,
      domains: plan.network.domains,
      allowedHosts,
      jobId: `j-${run}`,
    });
    const proxies = ['http_proxy', 'https_proxy'].map((name) => `${name}=${gateway.address}`);
    return { name: network.id, env: proxies, gateway };
  } catch {
    throw new CannotRun(ELSEWHERE);
  }
}

/** The proxy listens on the bridge: neither tcp nor ssh to an engine, nor its API, leads from there to this process. */
const ELSEWHERE =
  'network mode HTTP needs a proxy beside the engine, whose networks are not on this machine (it runs elsewhere, in a virtual machine, or without root); run it there';

function gatewayAddress(inspected: unknown): string {
  const configs: unknown = asObject(asObject(inspected)?.IPAM)?.Config;
  const first: unknown = Array.isArray(configs) ? configs[0] : undefined;
  const gateway = asText(asObject(first)?.Gateway);
  if (gateway === undefined) throw new CannotRun('the engine gave the network for mode HTTP no address');
  return gateway.split('/')[0] ?? gateway;
}
