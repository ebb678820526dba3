import type { InputSource } from '../../job/job-spec.js';
import { sourceType } from '../../job/source-params.js';

/** The time that something may take as a whole. */
export interface Deadline {
  /** Aborts when it is over, or when the signal that it was made with aborts. */
  readonly signal: AbortSignal;
  readonly isOver: () => boolean;
  readonly stop: () => void;
}

/** Starts to count; what is never stopped does not keep the process alive. */
export function startDeadline(ms: number, signal: AbortSignal): Deadline {
  const controller = new AbortController();
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    controller.abort();
  }, ms).unref();
  const forward = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', forward, { once: true });
  if (signal.aborted) forward();
  return {
    signal: controller.signal,
    isOver: () => over,
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', forward);
    },
  };
}

/** `InputSources.ReadTimeout` by default (`pkg/config/defaults.go`, release 1.9). */
const NODE_SECONDS = 300;

/**
 * Says that a node would have given up on a download that took so long. It waits so long for a URL and for IPFS
 * (`pkg/storage/url/urldownload`, `pkg/storage/ipfs`); objects of S3 may take as long as they do.
 *
 * @returns half a sentence; undefined when a node would have waited
 */
export function nodeGivesUp(source: InputSource, seconds: number): string | undefined {
  const type = sourceType(source);
  if (seconds <= NODE_SECONDS || (type !== 'urldownload' && type !== 'ipfs')) return undefined;
  return 'a node gives up after 5 minutes, unless its operator set InputSources.ReadTimeout';
}
