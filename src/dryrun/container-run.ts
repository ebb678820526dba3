import type Docker from 'dockerode';
import { awaitExit } from '../image/engine/client.js';
import type { Capture } from './capture.js';
import { CannotRun } from './cannot-run.js';
import { fileErrorText } from './file-error.js';
import { frames, type Frame } from './frames.js';
import { isRefusal } from './refusal.js';
import { watchUsage, type Usage } from './usage.js';

/** How a started container came to its end. */
export interface ContainerEnd {
  readonly ended: 'exited' | 'memory' | 'timeout' | 'time-limit' | 'output-limit';
  readonly exitCode: number;
  readonly seconds: number;
  readonly usage: Usage;
}

export interface ContainerRun {
  readonly capture: Readonly<Record<Frame['channel'], Capture>>;
  /** Told of all that is printed, also of what is not kept. */
  readonly onOutput: (frame: Frame) => void;
  /** Seconds after which a node would stop it. */
  readonly timeout?: number;
  /** Seconds after which the dry run stops it. */
  readonly timeLimit: number;
  /** Becomes true when the results have grown too large; looked at again and again. */
  readonly outputExceeds: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** Between SIGTERM and SIGKILL, as a node has it (`pkg/executor/docker`). */
const GRACE_SECONDS = 1;
/** Between two looks at the size of the results, in ms: at least this, and ten times what a look takes. */
const LEAST_PAUSE = 2_000;

/** The engine did not start the container; the message is its own. */
export class StartFailed extends Error {
  override readonly name = 'StartFailed';
}

/**
 * Starts a container and waits for its end; stops it at a limit, or when the signal says so.
 *
 * @throws StartFailed; the signal's reason when it was stopped from outside; what a call of the engine throws
 */
export async function runContainer(
  docker: Docker,
  container: Docker.Container,
  run: ContainerRun,
): Promise<ContainerEnd> {
  const { signal } = run;
  // Attached before it starts: nothing that it prints is missed.
  const stream = await container.attach({ stream: true, stdout: true, stderr: true, abortSignal: signal });
  const over = new AbortController();
  const { exit } = await awaitExit(docker, container.id, AbortSignal.any([signal, over.signal]));
  const began = process.hrtime.bigint();
  try {
    await container.start({ abortSignal: signal });
  } catch (error) {
    over.abort();
    if (signal.aborted) throw signal.reason;
    throw isRefusal(error) ? new StartFailed(error.message) : error;
  }
  const usage = watchUsage(container);
  const copied = copy(stream, run);
  const limit = limitOf(run, over.signal);
  try {
    const stoppedAt = await Promise.race([exit.then(() => undefined), limit, failureOf(copied)]);
    if (stoppedAt !== undefined) {
      await container.stop({ t: GRACE_SECONDS }).catch(() => undefined); // ended by itself just then
      await exit;
    }
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    await copied;
    const { State } = await container.inspect({ abortSignal: signal });
    const ended = stoppedAt ?? (State.OOMKilled ? 'memory' : 'exited');
    return { ended, exitCode: State.ExitCode, seconds, usage: usage.usage() };
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    over.abort();
    usage.stop();
  }
}

async function copy(stream: AsyncIterable<unknown>, { capture, onOutput }: ContainerRun): Promise<void> {
  for await (const frame of frames(stream)) {
    try {
      capture[frame.channel].take(frame.bytes);
    } catch (error) {
      throw new CannotRun(`cannot write ${frame.channel}: ${fileErrorText(error)}`);
    }
    onOutput(frame);
  }
}

/** Rejects when copying does; a copy that is done says nothing. */
function failureOf(copied: Promise<void>): Promise<never> {
  return new Promise((_, reject) => {
    copied.catch(reject);
  });
}

/** Resolves at the first limit that is reached, and never when none is. */
function limitOf(
  { timeout, timeLimit, outputExceeds }: ContainerRun,
  over: AbortSignal,
): Promise<'timeout' | 'time-limit' | 'output-limit'> {
  return new Promise((resolve) => {
    const timers: NodeJS.Timeout[] = [];
    const after = (seconds: number, what: 'timeout' | 'time-limit'): void => {
      timers.push(setTimeout(() => resolve(what), Math.min(seconds * 1000, 2 ** 31 - 1)));
    };
    if (timeout !== undefined) after(timeout, 'timeout');
    if (timeout === undefined || timeLimit < timeout) after(timeLimit, 'time-limit');
    let timer: NodeJS.Timeout | undefined;
    const look = async (): Promise<void> => {
      const start = Date.now();
      // What cannot be measured is no reason to stop.
      const exceeds = await outputExceeds().catch(() => false);
      if (exceeds) resolve('output-limit');
      else if (!over.aborted) timer = setTimeout(() => void look(), Math.max(LEAST_PAUSE, 10 * (Date.now() - start)));
    };
    timer = setTimeout(() => void look(), LEAST_PAUSE);
    over.addEventListener('abort', () => {
      for (const each of timers) clearTimeout(each);
      clearTimeout(timer);
    });
  });
}
