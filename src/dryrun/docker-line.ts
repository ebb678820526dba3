import { quoteWord } from '../job/command-line/words.js';
import type { RunPlan } from './plan.js';

/** What `--print` says beside the plan. */
export interface LineOptions {
  /** Absolute folder for results on the user's machine. */
  readonly output: string;
  readonly hardened: boolean;
  /** Where the content of each input of the plan is, and where it is mounted. */
  readonly inputs: readonly { readonly source: string; readonly target: string }[];
}

/**
 * Gives the `docker run` line that comes nearest to a plan, one option a line, ready to be pasted. Docker makes the
 * folders for results itself, owned by root with mode 0755, as a node does.
 */
export function dockerLine(plan: RunPlan, options: LineOptions): string {
  const [program, ...entrypointRest] = plan.entrypoint ?? [];
  const flags: (readonly string[])[] = [
    ['--rm'],
    ['--memory', `${String(plan.memoryBytes)}b`],
    ['--cpus', String(plan.cpus)],
    ...networkFlags(plan),
    ...plan.env.map((entry) => ['--env', entry]),
    ...(plan.workingDir === undefined ? [] : [['--workdir', plan.workingDir]]),
    ...options.inputs.map(({ source, target }) => ['--mount', bindOption(source, target)]),
    ...plan.results.map(({ name, path }) => ['--volume', `${options.output}/${name}:${path}`]),
    ...(options.hardened
      ? [
          ['--cap-drop', 'ALL'],
          ['--security-opt', 'no-new-privileges'],
        ]
      : []),
    ...(program === undefined ? [] : [['--entrypoint', program]]),
  ];
  const words = flags.map((flag) => flag.map(quoteWord).join(' '));
  const command = [plan.image, ...entrypointRest, ...(plan.parameters ?? [])].map(quoteWord).join(' ');
  return `${['docker run', ...words, command].join(' \\\n  ')}\n`;
}

function networkFlags({ network }: RunPlan): string[][] {
  switch (network.mode) {
    case 'host':
      return [
        ['--network', 'host'],
        ['--add-host', 'host.docker.internal:host-gateway'],
      ];
    case 'bridge':
      return [
        ['--network', 'bridge'],
        ...network.ports.map(({ hostPort, containerPort }) => [
          '--publish',
          `127.0.0.1:${String(hostPort)}:${String(containerPort)}/tcp`,
        ]),
      ];
    // Docker has nothing like the gateway of mode HTTP; without it the program reaches nothing at all.
    case 'http':
    case 'none':
      return [['--network', 'none']];
  }
}

/** One CSV record, as the Docker command line reads it. */
function bindOption(source: string, target: string): string {
  const parts = ['type=bind', `source=${source}`, `target=${target}`, 'readonly'];
  return parts.map((part) => (/[",]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part)).join(',');
}
