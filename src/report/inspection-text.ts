import type { SubjectReport } from '../check/finding.js';
import type { Facts } from '../check/rule.js';
import type { ImageConfig, ImageFiles, ImagePlatforms } from '../image/facts.js';
import { findProgram } from '../image/layers/program.js';
import { whyNotStarted } from '../image/layers/program-text.js';
import type { Target } from '../target/target.js';
import { looksSecret } from '../text/secret.js';
import { shortened } from '../text/shortened.js';
import { sizeText } from '../text/size.js';
import { programsOfImage } from '../workload/started-programs.js';
import type { Workload } from '../workload/workload.js';
import { escapeForTerminal } from './escape.js';
import { nodeAnswer } from './node-answer.js';
import { workloadRows } from './workload-view.js';

/** A name and what stands beside it; further lines of one name have none. */
type Row = readonly [name: string, value: string];

/** So many entries of a list are shown; the JSON form has all of them. */
const MOST_LINES = 12;
const LONGEST_VALUE = 100;

/** The form of `inspect` for people: one screen. */
export function inspectionText(
  reference: string,
  facts: Facts,
  target: Target,
  report: SubjectReport,
  workload?: Workload,
): string {
  const { 'image.platforms': platforms, 'image.config': config, 'image.access': access, 'image.files': files } = facts;
  const rows: Row[] = [];
  if (platforms !== undefined) {
    rows.push(['source', platforms.source + (access === undefined ? '' : `, ${ACCESS_MEANING[access.kind]}`)]);
    rows.push(['digest', platforms.digest ?? noDigest(platforms.source)]);
    rows.push(...named('platforms', platformLines(platforms, target)));
  }
  if (config !== undefined) rows.push(...configRows(config));
  if (config !== undefined && files !== undefined) rows.push(...programRows(config, files));
  if (workload !== undefined) rows.push(...workloadRows(workload));
  rows.push(...named('on a node', [`of ${target.name}`, ...nodeAnswer(facts, report).lines]));
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

function platformLines({ platforms }: ImagePlatforms, target: Target): string[] {
  return platforms.map(({ platform, digest, size }) => {
    const wanted = target.platforms.some((node) => platform === node || platform.startsWith(`${node}/`));
    const parts = [
      platform,
      digest,
      size === undefined ? undefined : sizeText(size),
      wanted ? 'runs on the target' : undefined,
    ];
    return parts.filter((part) => part !== undefined).join('  ');
  });
}

function configRows(config: ImageConfig): Row[] {
  const list = (items: readonly string[]): string => (items.length === 0 ? 'none' : items.join(' '));
  const env = config.env.map(shownVariable);
  const labels = Object.entries(config.labels).map(([name, value]) => shortened(`${name}=${value}`, LONGEST_VALUE));
  return [
    ['shown for', config.platform],
    ['layers', layersText(config)],
    ['entrypoint', command(config.entrypoint)],
    ['cmd', command(config.cmd)],
    ['runs', command([...config.entrypoint, ...config.cmd])],
    ['user', config.user === '' ? 'root' : config.user],
    ['workdir', config.workingDir === '' ? '/' : config.workingDir],
    ...(env.length === 0 ? [['env', 'none'] as const] : named('env', env)),
    ['volumes', list(config.volumes)],
    ['ports', list(config.exposedPorts)],
    ...(config.hasHealthcheck ? [['healthcheck', 'yes, which Bacalhau does not use'] as const] : []),
    ...(config.created === undefined ? [] : [['created', config.created] as const]),
    ...named('labels', labels),
  ];
}

/** `NAME=value`; a value that looks secret is left out. */
function shownVariable(assignment: string): string {
  const [name = ''] = assignment.split('=', 1);
  const value = assignment.slice(name.length + 1);
  return looksSecret(name, value) ? `${name} (value hidden)` : shortened(`${name}=${value}`, LONGEST_VALUE);
}

function layersText({ layers, size }: ImageConfig): string {
  const total = size === undefined ? undefined : sizeText(size);
  if (layers === undefined) return total ?? 'not known';
  const sizes = layers.map((layer) => layer.size);
  const each = sizes.every((one) => one !== undefined) ? `: ${cut(sizes.map(sizeText), ' + ')}` : '';
  const number = `${String(layers.length)}${total === undefined ? '' : `, ${total}`}`;
  return layers.length > 1 ? number + each : number;
}

function cut(items: readonly string[], between: string): string {
  const shown = items.slice(0, MOST_LINES).join(between);
  return items.length > MOST_LINES ? `${shown}${between}…` : shown;
}

/** Whether the image's own program starts, seen from its layers. */
function programRows(config: ImageConfig, files: ImageFiles): Row[] {
  return programsOfImage(config).map((program) => {
    const found = findProgram(files, program);
    const why = whyNotStarted(found, files.platform);
    const starts = 'path' in found ? `starts ${found.path}` : 'cannot be told from what was read of the layers';
    return ['program', why === undefined ? starts : `does not start: ${program.word} ${why}`];
  });
}

function command(words: readonly string[]): string {
  return words.length === 0 ? 'none' : shortened(JSON.stringify(words), 2 * LONGEST_VALUE);
}

function named(name: string, lines: readonly string[]): Row[] {
  const rows = lines.slice(0, MOST_LINES).map((line, index): Row => [index === 0 ? name : '', line]);
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...rows, ['', `and ${String(more)} more (--format json shows all)`]] : rows;
}
