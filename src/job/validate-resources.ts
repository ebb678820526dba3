import type { Located } from '../text/source.js';
import { shown } from './problem.js';
import type { JobProblem, Resources } from './job-spec.js';

/** Units that Bacalhau's reader of sizes knows (go-humanize), in lower case, with their size in bytes. */
const UNITS: ReadonlyMap<string, number> = new Map(
  ['k', 'm', 'g', 't', 'p', 'e'].flatMap((letter, index): [string, number][] => [
    [letter, 1000 ** (index + 1)],
    [`${letter}b`, 1000 ** (index + 1)],
    [`${letter}i`, 1024 ** (index + 1)],
    [`${letter}ib`, 1024 ** (index + 1)],
  ]),
);

/** Gives the problems of the texts in `Resources` (`pkg/models/resource.go`). */
export function resourceProblems({ cpu, memory, disk, gpu }: Resources): JobProblem[] {
  return [
    ...invalid(cpu, 'CPU', readCpu, 'cores such as "0.5" or "500m"'),
    ...invalid(memory, 'memory', readBytes, 'bytes with a unit, such as "512Mb" or "1Gi"'),
    ...invalid(disk, 'disk', readBytes, 'bytes with a unit, such as "512Mb" or "1Gi"'),
    ...invalid(gpu, 'GPU', readGpu, 'a whole number such as "1"'),
  ];
}

function invalid(
  value: Located<string> | undefined,
  name: string,
  read: (text: string) => number | undefined,
  expected: string,
): JobProblem[] {
  if (value === undefined || value.value.includes('{{')) return [];
  const text = value.value.toLowerCase().replaceAll(' ', '');
  if (text === '' || read(text) !== undefined) return [];
  const message = `${shown(value.value)} is no ${name} value, and the client refuses it; it expects ${expected}`;
  return [{ kind: 'bad-value', at: value, message, quote: `invalid ${name} value: ${value.value}` }];
}

/** Cores; `500m` is half a core. */
export function readCpu(text: string): number | undefined {
  if (/^\d+m$/.test(text)) return Number(text.slice(0, -1)) / 1000;
  return /^\+?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Gives the bytes that a text in lower case without blanks means: `512mb` is 512,000,000 and `512` is 512. */
export function readBytes(text: string): number | undefined {
  const match = /^([\d.,]+)([a-z]*)$/.exec(text);
  if (match === null) return undefined;
  const [, digits = '', unit = ''] = match;
  const number = digits.replaceAll(',', '');
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(number)) return undefined;
  const factor = unit === '' || unit === 'b' ? 1 : UNITS.get(unit);
  return factor === undefined ? undefined : Number(number) * factor;
}

function readGpu(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
