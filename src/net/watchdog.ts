/** Ends what waits for longer than `ms` without a sign of life. */
export interface Watchdog {
  readonly signal: AbortSignal;
  readonly alive: () => void;
  readonly stop: () => void;
}

export function watchdog(ms: number): Watchdog {
  const controller = new AbortController();
  const start = (): NodeJS.Timeout => setTimeout(() => controller.abort(), ms);
  let timer = start();
  return {
    signal: controller.signal,
    alive: () => {
      clearTimeout(timer);
      timer = start();
    },
    stop: () => clearTimeout(timer),
  };
}
