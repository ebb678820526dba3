import type { ContainerCreateOptions, MountSettings } from 'dockerode';
import type { Labels } from './labels.js';
import type { RunPlan } from './plan.js';

/** Limits that a node does not have: they keep a broken program from harming the machine of its user. */
export interface SafetyLimits {
  readonly processes: number;
  /** Bytes of one file that the program writes, and of all its results. */
  readonly outputBytes: number;
  /** Seconds. */
  readonly time: number;
}

export interface ContainerSettings {
  readonly mounts: readonly MountSettings[];
  /** Name or ID of a network, or `none`, `bridge`, `host`. */
  readonly network: string;
  /** Added to the plan's variables: those of the gateway. */
  readonly env: readonly string[];
  readonly labels: Labels;
  readonly hardened: boolean;
  readonly limits: SafetyLimits;
}

/**
 * Gives what the engine is asked to create. The set of capabilities is the engine's default, as on a node; there are no
 * devices, no terminal and no standard input, and the engine keeps no log of its own.
 */
export function containerOptions(plan: RunPlan, settings: ContainerSettings): ContainerCreateOptions {
  const { hardened, limits } = settings;
  return {
    Image: plan.image,
    Labels: settings.labels,
    // Docker clears the image's CMD when there is an entrypoint of our own, as a node does.
    ...(plan.entrypoint === undefined ? {} : { Entrypoint: [...plan.entrypoint] }),
    ...(plan.parameters === undefined ? {} : { Cmd: [...plan.parameters] }),
    Env: [...plan.env, ...settings.env],
    ...(plan.workingDir === undefined ? {} : { WorkingDir: plan.workingDir }),
    ...(plan.network.ports.length === 0 ? {} : { ExposedPorts: exposed(plan) }),
    HostConfig: {
      Memory: plan.memoryBytes,
      NanoCpus: Math.round(plan.cpus * 1e9),
      NetworkMode: settings.network,
      Mounts: [...settings.mounts],
      PidsLimit: limits.processes,
      Ulimits: [{ Name: 'fsize', Soft: limits.outputBytes, Hard: limits.outputBytes }],
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: '' },
      ...(plan.network.mode === 'host' ? { ExtraHosts: ['host.docker.internal:host-gateway'] } : {}),
      ...(plan.network.ports.length === 0 ? {} : { PortBindings: bindings(plan) }),
      ...(hardened ? { CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'] } : {}),
    },
  };
}

function exposed({ network }: RunPlan): Record<string, object> {
  return Object.fromEntries(network.ports.map(({ containerPort }) => [`${String(containerPort)}/tcp`, {}]));
}

/** On this machine only: a node publishes to its network, a dry run does not. */
function bindings({ network }: RunPlan): Record<string, { HostIp: string; HostPort: string }[]> {
  return Object.fromEntries(
    network.ports.map(({ containerPort, hostPort }) => [
      `${String(containerPort)}/tcp`,
      [{ HostIp: '127.0.0.1', HostPort: String(hostPort) }],
    ]),
  );
}
