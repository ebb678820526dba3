import { createInterface } from 'node:readline';
import { addAbortSignal, Readable } from 'node:stream';
import type Docker from 'dockerode';
import { asObject, parseJsonObject, type JsonObject } from '../image/json.js';

/** What a program used, as far as the engine measured it: it does so once a second. */
export interface Usage {
  readonly peakBytes?: number;
  /** Cores, over the whole time that was seen. */
  readonly cores?: number;
  /** Part of the time in which it was held back at its limit, 0 to 1. */
  readonly throttled?: number;
}

/** Watches a container until it ends or `stop` is called. */
export function watchUsage(container: Docker.Container): { readonly stop: () => void; readonly usage: () => Usage } {
  const controller = new AbortController();
  let peak: number | undefined;
  let cpuNanoseconds = 0;
  let first: number | undefined;
  let last = 0;
  let periods = 0;
  let throttledPeriods = 0;
  const take = (sample: JsonObject): void => {
    const memory = asObject(sample.memory_stats);
    // cgroup v1 counts the peak itself; of v2 only the present use is known.
    const bytes = number(memory?.max_usage) ?? number(memory?.usage);
    if (bytes !== undefined && bytes > 0) peak = Math.max(peak ?? 0, bytes);
    const cpu = asObject(sample.cpu_stats);
    const total = number(asObject(cpu?.cpu_usage)?.total_usage) ?? 0;
    const at = Date.parse(typeof sample.read === 'string' ? sample.read : '');
    if (total <= 0 || Number.isNaN(at)) return;
    first ??= at;
    last = at;
    cpuNanoseconds = Math.max(cpuNanoseconds, total);
    const throttling = asObject(cpu?.throttling_data);
    periods = number(throttling?.periods) ?? 0;
    throttledPeriods = number(throttling?.throttled_periods) ?? 0;
  };
  const watch = async (): Promise<void> => {
    try {
      const stream = new Readable().wrap(await container.stats({ stream: true }));
      addAbortSignal(controller.signal, stream);
      const lines = createInterface({ input: stream });
      for await (const line of lines) take(parseJsonObject(Buffer.from(line), 'a measurement'));
    } catch {
      // the container is gone, or the engine does not measure: then less is known
    }
  };
  void watch();
  const started = Date.now();
  return {
    stop: () => controller.abort(),
    usage: () => {
      const seconds = first === undefined ? 0 : (last - Math.min(first, started)) / 1000;
      return {
        ...(peak === undefined ? {} : { peakBytes: peak }),
        ...(seconds < 1 ? {} : { cores: cpuNanoseconds / 1e9 / seconds }),
        ...(periods < 10 ? {} : { throttled: throttledPeriods / periods }),
      };
    },
  };
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
