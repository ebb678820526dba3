import { hostOfAuthority, hostOfUrl, isUrl } from './hosts.js';
import type { Environment } from './program.js';

/** Variables by which a program is told to do without a network; any value but an empty one, 0, no and false counts. */
const OFFLINE: Readonly<Record<string, string>> = {
  PIP_NO_INDEX: 'pip',
  UV_OFFLINE: 'uv',
  CONDA_OFFLINE: 'conda',
  npm_config_offline: 'npm',
  CARGO_NET_OFFLINE: 'cargo',
  HF_HUB_OFFLINE: 'huggingface',
  WANDB_MODE: 'wandb',
};

/** Variables that name the host of a program, by program. */
const HOSTS: Readonly<Record<string, string>> = {
  PIP_INDEX_URL: 'pip',
  UV_INDEX_URL: 'uv',
  UV_DEFAULT_INDEX: 'uv',
  npm_config_registry: 'npm',
  AWS_ENDPOINT_URL: 'aws',
  AWS_ENDPOINT_URL_S3: 'aws',
  S3_ENDPOINT_URL: 's5cmd',
  GOPROXY: 'go',
  HF_ENDPOINT: 'huggingface',
  PGHOST: 'psql',
  MYSQL_HOST: 'mysql',
};

/** Names of all variables that programs are known to heed. */
export const HEEDED: readonly string[] = [...Object.keys(OFFLINE), ...Object.keys(HOSTS)];

/** Whether the environment tells a program to do without a network. */
export function isOffline(environment: Environment, program: string): boolean {
  return HEEDED.some((name) => {
    const value = environment.get(name);
    if (OFFLINE[name] !== program || value === undefined) return false;
    if (name === 'WANDB_MODE') return value.text === 'offline' || value.text === 'disabled';
    return !['', '0', 'no', 'false'].includes(value.text.toLowerCase());
  });
}

/** The host that the environment names for a program: undefined when it names none, `…` when only the run can tell. */
export function hostFrom(environment: Environment, program: string): string | undefined {
  for (const name of HEEDED) {
    const value = HOSTS[name] === program ? environment.get(name) : undefined;
    if (value === undefined || value.text === '') continue;
    return (isUrl(value.text) ? hostOfUrl(value.text) : hostOfAuthority(value.text)) ?? '…';
  }
  return undefined;
}
