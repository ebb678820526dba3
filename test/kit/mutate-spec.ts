import { parseText } from '../../src/job/parse.js';
import { SYSTEM_KEYS } from '../../src/job/schema.js';
import type { DataNode, MapEntry, MapNode, ScalarNode } from '../../src/job/tree.js';

/** A text that means what another one does, or that has more of the same wrong with it. */
export interface Mutated {
  readonly text: string;
  /** Comments that were put in: all different, none a part of another. */
  readonly comments: readonly string[];
}

/** Gives numbers from 0 to below 1. */
type Random = () => number;

/** Writes a job spec anew: in lines, braces or JSON, with other indentation, quotes, order, case, comments, line ends. */
export function mutateSpec(spec: string, random: Random): Mutated {
  const { root } = parseText(spec, new Map());
  if (root?.kind !== 'map') return { text: spec, comments: [] };
  const writing = new Writing(random);
  const defective = random() < 0.5 ? withDefects(root, random) : root;
  if (random() < 0.3) return { text: framed(json(shuffled(defective, random, 0.5), random), random), comments: [] };
  const lines = writing.block(shuffled(defective, random, 0.5), 0);
  const comments = [...writing.comments];
  if (random() < 0.3) lines.unshift('---');
  if (random() < 0.2) lines.push('---', 'Name: other', 'Resources: { CPU: 1 }');
  return { text: framed(`${lines.join('\n')}\n`, random), comments };
}

/** Line ends, byte order mark, end of file. */
function framed(text: string, random: Random): string {
  const ended = random() < 0.25 ? text.trimEnd() : text;
  const broken = random() < 0.3 ? ended.replaceAll('\n', '\r\n') : ended;
  return random() < 0.15 ? `\ufeff${broken}` : broken;
}

function scalar(text: string, plain = false): ScalarNode {
  const value = plain ? Number(text) : text;
  return { kind: 'scalar', text, value, plain, span: { start: 0, end: 0 } };
}

function map(entries: Readonly<Record<string, DataNode>>): MapNode {
  const span = { start: 0, end: 0 };
  return {
    kind: 'map',
    span,
    entries: Object.entries(entries).map(([key, value]) => ({ key: { value: key, span }, value })),
  };
}

function has({ entries }: MapNode, name: string): boolean {
  return entries.some(({ key }) => key.value.toLowerCase() === name.toLowerCase());
}

function withEntries(node: MapNode, more: Readonly<Record<string, DataNode>>): MapNode {
  const added = map(more).entries.filter(({ key }) => !has(node, key.value));
  return { ...node, entries: [...node.entries, ...added] };
}

/** More that is wrong, of which some can be mended and some cannot. */
function withDefects(root: MapNode, random: Random): MapNode {
  const isRandom = (): boolean => random() < 0.4;
  let job = root;
  if (isRandom()) job = withEntries(job, { Labels: map({ version: scalar('1.0', true), team: scalar('a') }) });
  if (isRandom()) job = withEntries(job, { Priorty: scalar('1', true) });
  if (isRandom()) job = withEntries(job, { Version: scalar('0', true) });
  if (isRandom()) job = withEntries(job, { Nonsense: map({ a: scalar('b') }) });
  if (isRandom()) job = withEntries(job, { Timeouts: map({ TotalTimeout: scalar('60', true) }) });
  return {
    ...job,
    entries: job.entries.map((entry) => {
      const [task] = entry.value.kind === 'list' && entry.key.value.toLowerCase() === 'tasks' ? entry.value.items : [];
      if (task?.kind !== 'map' || entry.value.kind !== 'list') return entry;
      let changed = task;
      if (isRandom())
        changed = withEntries(changed, { Resources: map({ GPU: scalar('0', true), Dsk: scalar('1Gb') }) });
      if (isRandom()) changed = withEntries(changed, { Network: map({ Type: scalar('Full') }) });
      if (isRandom()) changed = withEntries(changed, { Env: map({ A: scalar('1', true), B: scalar('x') }) });
      if (isRandom()) changed = withEntries(changed, { Nonsense: map({ a: scalar('b') }) });
      if (isRandom()) changed = withEntries(changed, { Namespace: scalar('mine') });
      return { ...entry, value: { ...entry.value, items: [changed, ...entry.value.items.slice(1)] } };
    }),
  };
}

/** Keys in another order, and in another case where that is the same to Bacalhau. */
function shuffled(node: DataNode, random: Random, chance: number): DataNode {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => shuffled(item, random, chance)) };
  const entries = node.entries.map(({ key, value }): MapEntry => {
    const isFree = FREE.has(key.value.toLowerCase());
    const name = random() < 0.1 && FIELDS.has(key.value) ? key.value.toLowerCase() : key.value;
    return { key: { ...key, value: name }, value: isFree ? value : shuffled(value, random, chance) };
  });
  const isDistinct = new Set(entries.map(({ key }) => key.value.toLowerCase())).size === entries.length;
  if (!isDistinct || random() > chance) return { ...node, entries };
  const order = entries.map((entry) => ({ entry, at: random() })).sort((a, b) => a.at - b.at);
  return { ...node, entries: order.map(({ entry }) => entry) };
}

/** Below these any key means itself. */
const FREE = new Set(['labels', 'env', 'meta', 'nonsense']);
const FIELDS = new Set([
  ...['Name', 'Type', 'Count', 'Tasks', 'Engine', 'Params', 'Image', 'Parameters', 'Entrypoint', 'InputSources'],
  ...['Source', 'Target', 'ResultPaths', 'Path', 'Publisher', 'Network', 'Resources', 'CPU', 'Memory', 'Env', 'Key'],
  ...['Constraints', 'Operator', 'Values', 'CID', 'URL', 'Bucket'],
]);

function json(node: DataNode, random: Random): string {
  const indent = [0, 2, 4, '\t'][Math.floor(random() * 4)];
  // Of numbers and other plain scalars the characters count.
  const plain = new Map<string, string>();
  const data = (one: DataNode): unknown => {
    if (one.kind === 'list') return one.items.map(data);
    if (one.kind === 'map') return Object.fromEntries(one.entries.map(({ key, value }) => [key.value, data(value)]));
    if (
      !one.plain ||
      typeof one.value === 'string' ||
      !/^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?|true|false|null)$/.test(one.text)
    )
      return one.text;
    const mark = `\ue001${String(plain.size)}\ue001`;
    plain.set(mark, one.text);
    return mark;
  };
  const text = JSON.stringify(data(node), undefined, indent);
  return `${text.replace(/"(\ue001\d+\ue001)"/g, (_all, mark: string) => plain.get(mark) ?? '')}${random() < 0.7 ? '\n' : ''}`;
}

class Writing {
  readonly comments: string[] = [];
  private isSilent = false;
  constructor(private readonly random: Random) {}

  private chance(of: number): boolean {
    return this.random() < of;
  }

  private comment(): string {
    if (this.isSilent) return '';
    const text = `# note ${String(this.comments.length)}${this.chance(0.2) ? ': "x" {' : ''};`;
    this.comments.push(text);
    return text;
  }

  /** A mapping or list in lines. */
  block(node: DataNode, indent: number): string[] {
    const step = 2 + Math.floor(this.random() * 2) * 2;
    const pad = ' '.repeat(indent);
    const lines: string[] = [];
    if (node.kind === 'map') {
      for (const { key, value } of node.entries) {
        if (this.chance(0.15)) lines.push(pad + this.comment());
        if (this.chance(0.1)) lines.push('');
        const quoted = this.chance(0.1) ? JSON.stringify(key.value) : key.value;
        // What is taken out goes with what is said beside it.
        const isSilent = this.isSilent;
        this.isSilent ||= indent === 0 && SYSTEM_KEYS.includes(key.value);
        lines.push(...this.entry(`${pad}${quoted}:`, value, indent, step));
        this.isSilent = isSilent;
      }
    } else if (node.kind === 'list') {
      for (const item of node.items) {
        if (this.chance(0.1)) lines.push(pad + this.comment());
        const gap = this.chance(0.2) ? '   ' : ' ';
        if (item.kind === 'map' && item.entries.length > 0 && !this.chance(0.25)) {
          const inner = this.block(item, indent + 1 + gap.length);
          // The dash stands on the line of the first key, comments above it before the dash.
          const first = inner.findIndex((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
          lines.push(...inner.slice(0, first));
          lines.push(`${pad}-${gap}${(inner[first] ?? '').trimStart()}`, ...inner.slice(first + 1));
        } else lines.push(...this.entry(`${pad}-`, item, indent, step));
      }
    }
    return lines;
  }

  /** What stands behind a key or dash. */
  private entry(head: string, value: DataNode, indent: number, step: number): string[] {
    const comment = this.chance(0.15) && !this.isSilent ? ` ${this.comment()}` : '';
    const anchor = this.chance(0.05) ? ` &a${String(Math.floor(this.random() * 1e9))}` : '';
    if (value.kind === 'scalar') {
      if (value.value === null && value.text === '') return [`${head}${comment}`];
      if (value.text.includes('\n') && !/^\s|\n\s*\n|[ \t]\n|\s$/.test(value.text.replace(/\n$/, ''))) {
        const pad = ' '.repeat(indent + step);
        const body = value.text.replace(/\n$/, '').split('\n');
        return [
          `${head}${anchor} |${value.text.endsWith('\n') ? '' : '-'}${comment}`,
          ...body.map((line) => pad + line),
        ];
      }
      return [`${head}${anchor} ${this.scalar(value)}${comment}`];
    }
    const isEmpty = value.kind === 'map' ? value.entries.length === 0 : value.items.length === 0;
    if (isEmpty || this.chance(0.2)) return [`${head}${anchor} ${this.flow(value)}${comment}`];
    const compact = value.kind === 'list' && head.trimEnd().endsWith(':') && this.chance(0.3);
    return [`${head}${anchor}${comment}`, ...this.block(value, indent + (compact ? 0 : step))];
  }

  private flow(node: DataNode): string {
    const blank = this.chance(0.5) ? ' ' : '';
    if (node.kind === 'scalar') return node.value === null && node.text === '' ? 'null' : this.scalar(node);
    if (node.kind === 'list') return `[${blank}${node.items.map((item) => this.flow(item)).join(', ')}${blank}]`;
    const pairs = node.entries.map(({ key, value }) => `${key.value}: ${this.flow(value)}`);
    return `{${blank}${pairs.join(', ')}${this.chance(0.1) ? ',' : ''}${blank}}`;
  }

  /** A text keeps being a text, and anything else stays as it was typed. */
  private scalar({ text, value, plain }: ScalarNode): string {
    if (plain && typeof value !== 'string') return text;
    const isSafe = /^[A-Za-z/][\w./-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
    if (isSafe && this.chance(0.6)) return text;
    return !text.includes("'") && !/[\n\t]/.test(text) && this.chance(0.4) ? `'${text}'` : JSON.stringify(text);
  }
}

/** Comments, blank lines, line ends, and instructions in lower case. */
export function mutateDockerfile(text: string, random: Random): Mutated {
  const comments: string[] = [];
  const lines = text
    .trimEnd()
    .split('\n')
    .flatMap((line, index, all) => {
      const isInside = index > 0 && /[\\`]\s*$/.test(all[index - 1] ?? '');
      if (isInside || text.includes('<<')) return [line];
      const comment = `# note ${String(comments.length)};`;
      const written =
        random() < 0.3 ? line.replace(/^(?:ENTRYPOINT|CMD|FROM|RUN)\b/, (word) => word.toLowerCase()) : line;
      if (random() < 0.3) {
        comments.push(comment);
        return [comment, written];
      }
      return random() < 0.2 ? ['', written] : [written];
    });
  return { text: framed(`${lines.join('\n')}\n`, random), comments };
}

/** More blanks, line breaks, and flags that mean nothing here. */
export function mutateCommand(text: string, random: Random): Mutated {
  const flagged = random() < 0.4 ? text.replace(/^(\s*bacalhau docker run)\b/, '$1 --id-only') : text;
  const wide = random() < 0.4 ? flagged.replace(/^(\s*bacalhau) (docker) (run) /, '$1  $2 $3   ') : flagged;
  const broken = random() < 0.3 ? wide.replace(/^(\s*bacalhau +docker +run) /, '$1 \\\n  ') : wide;
  return { text: broken.trim(), comments: [] };
}
