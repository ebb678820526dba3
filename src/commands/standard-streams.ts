import { EXIT } from '../check/exit-code.js';

/**
 * Lets a run go on when nobody takes its output any more: other reports are still to be written, and the exit code is
 * that of what was checked. `check . | head` must not turn findings into 0.
 */
export function outliveReaders(): void {
  // oclif's own listener throws whatever is not EPIPE
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', outputFailed);
  process.stderr.on('error', () => undefined); // there is no place left to say it
}

let isTold = false;

/** A reader that left is no error; a report that could not be written is one, and a full disk writes half of it. */
export function outputFailed({ code }: NodeJS.ErrnoException): void {
  if (isTold || code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return;
  isTold = true;
  const reason = code === 'ENOSPC' ? 'no space is left' : `the system says ${code ?? 'no more than that it failed'}`;
  process.stderr.write(`cannot write to standard output: ${reason}\n`);
  process.once('exit', () => {
    if (process.exitCode !== EXIT.bug) process.exitCode = EXIT.usage;
  });
}
