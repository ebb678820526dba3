import type { Facts } from '../check/rule.js';
import type { ImageConfig, ImageFiles, ImagePlatforms } from '../image/facts.js';
import { findProgram } from '../image/layers/program.js';
import { whyNotStarted } from '../image/layers/program-text.js';
import type { Target } from '../target/target.js';
import type { RunStats } from '../stats/stats.js';
import { programsOfImage } from '../workload/started-programs.js';
import { escapeForTerminal, jsonForTerminal } from './escape.js';
import { sizeText } from '../text/size.js';
import { statsJson } from './stats.js';

/** Gives what `inspect` prints: one screen for people, or JSON for programs. Values of env variables are left out. */
export function inspection(
  reference: string,
  facts: Facts,
  target: Target,
  format: 'pretty' | 'json',
  stats?: RunStats,
): string {
  return format === 'json' ? inspectionJson(reference, facts, target, stats) : inspectionText(reference, facts, target);
}

function inspectionJson(reference: string, facts: Facts, target: Target, stats: RunStats | undefined): string {
  const { 'image.platforms': platforms, 'image.config': config, 'image.access': access } = facts;
  const document = {
    version: 1,
    reference,
    source: platforms?.source ?? config?.source,
    digest: platforms?.digest,
    access: access?.kind,
    platforms: platforms?.platforms ?? [],
    target: { name: target.name, platforms: target.platforms },
    config:
      config === undefined
        ? undefined
        : {
            platform: config.platform,
            digest: config.digest,
            created: config.created,
            size: config.size,
            entrypoint: config.entrypoint,
            cmd: config.cmd,
            user: config.user,
            workingDir: config.workingDir,
            env: config.env.map(nameOf),
            volumes: config.volumes,
            exposedPorts: config.exposedPorts,
            labels: config.labels,
            healthcheck: config.hasHealthcheck,
          },
    ...(stats === undefined ? {} : { stats: statsJson(stats) }),
  };
  return `${jsonForTerminal(document)}\n`;
}

function inspectionText(reference: string, facts: Facts, target: Target): string {
  const { 'image.platforms': platforms, 'image.config': config, 'image.access': access, 'image.files': files } = facts;
  const rows: [string, string][] = [];
  if (platforms !== undefined) {
    rows.push(['source', platforms.source + (access === undefined ? '' : `, ${ACCESS_MEANING[access.kind]}`)]);
    rows.push(['digest', platforms.digest ?? noDigest(platforms.source)]);
    for (const [index, { platform, digest, size }] of platforms.platforms.entries()) {
      const wanted = target.platforms.some((node) => platform === node || platform.startsWith(`${node}/`));
      const parts = [
        platform,
        digest,
        size === undefined ? undefined : sizeText(size),
        wanted ? 'runs on the target' : undefined,
      ];
      rows.push([index === 0 ? 'platforms' : '', parts.filter((part) => part !== undefined).join('  ')]);
    }
  }
  if (config !== undefined) rows.push(...configRows(config));
  if (config !== undefined && files !== undefined) rows.push(...programRows(config, files));
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${escapeForTerminal(value)}`.trimEnd());
  return `${[escapeForTerminal(reference), ...lines].join('\n')}\n`;
}

const ACCESS_MEANING = {
  public: 'can be pulled by everyone',
  credentials: 'can be pulled with your credentials only',
  denied: 'cannot be pulled',
  missing: 'not found',
  'private-or-missing': 'private or missing',
} as const;

/** A file of `docker save` has no manifest; an engine knows the digests that registries gave to an image. */
function noDigest(source: ImagePlatforms['source']): string {
  return source === 'docker-daemon' ? 'none: it was never pushed or pulled under this name' : 'none in this format';
}

function configRows(config: ImageConfig): [string, string][] {
  const list = (items: readonly string[]): string => (items.length === 0 ? 'none' : items.join(' '));
  const rows: [string, string][] = [
    ['shown for', config.platform],
    ['entrypoint', command(config.entrypoint)],
    ['cmd', command(config.cmd)],
    ['user', config.user === '' ? 'root' : config.user],
    ['workdir', config.workingDir === '' ? '/' : config.workingDir],
    ['env', list(config.env.map(nameOf))],
    ['volumes', list(config.volumes)],
    ['ports', list(config.exposedPorts)],
  ];
  if (config.size !== undefined) rows.push(['size', sizeText(config.size)]);
  if (config.created !== undefined) rows.push(['created', config.created]);
  for (const [index, [name, value]] of Object.entries(config.labels).entries()) {
    rows.push([index === 0 ? 'labels' : '', `${name}=${value}`]);
  }
  return rows;
}

/** Whether the image's own program starts, seen from its layers. */
function programRows(config: ImageConfig, files: ImageFiles): [string, string][] {
  return programsOfImage(config).map((program) => {
    const found = findProgram(files, program);
    const why = whyNotStarted(found, files.platform);
    const starts = 'path' in found ? `starts ${found.path}` : 'cannot be told from what was read of the layers';
    return ['program', why === undefined ? starts : `does not start: ${program.word} ${why}`];
  });
}

function command(words: readonly string[]): string {
  return words.length === 0 ? 'none' : JSON.stringify(words);
}

function nameOf(assignment: string): string {
  return assignment.split('=', 1)[0] ?? '';
}
