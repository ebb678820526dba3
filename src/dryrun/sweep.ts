import type Docker from 'dockerode';
import { isLeftBehind, RUN } from './labels.js';

/** How many things of a kind were removed. */
export interface Swept {
  readonly containers: number;
  readonly volumes: number;
  readonly networks: number;
}

/** Removes what runs that were killed have left in the engine. */
export async function sweep(docker: Docker): Promise<Swept> {
  const now = Date.now();
  return removeAll(docker, [RUN], (labels) => isLeftBehind(labels, now));
}

/** Removes all that one run made. */
export async function removeRun(docker: Docker, run: string): Promise<Swept> {
  return removeAll(docker, [`${RUN}=${run}`], () => true);
}

type Labelled = Readonly<Record<string, string>> | undefined;

/** Containers first: they hold the rest. What cannot be removed now is left to the next run. */
async function removeAll(
  docker: Docker,
  label: readonly string[],
  isMeant: (labels: Labelled) => boolean,
): Promise<Swept> {
  const filters = { label: [...label] };
  const listed = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters: JSON.stringify(filters) }),
    docker.listNetworks({ filters }),
  ]);
  const containers = listed[0].filter(({ Labels }) => isMeant(Labels));
  const volumes = listed[1].Volumes.filter(({ Labels }) => isMeant(Labels));
  const networks = listed[2].filter(({ Labels }) => isMeant(Labels));
  await Promise.all(containers.map(({ Id }) => quietly(docker.getContainer(Id).remove({ force: true, v: true }))));
  await Promise.all([
    ...volumes.map(({ Name }) => quietly(docker.getVolume(Name).remove())),
    ...networks.map(({ Id }) => quietly(docker.getNetwork(Id).remove())),
  ]);
  return { containers: containers.length, volumes: volumes.length, networks: networks.length };
}

async function quietly(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch {
    // gone already, or held by something that is not ours
  }
}
