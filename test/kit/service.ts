import { describe, jest, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';

/** Whether a program can be found in PATH. */
function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v -- "$1"', 'sh', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Describes tests that need programs of the system, or to be `root`. Where one is missing they are left out, with a line that says so;
 * with `CI=true` that is a failure, since there it would mean that nothing was tested.
 */
export function describeWith(needs: readonly string[], title: string, body: () => void): void {
  // Starting programs is slow where many tests share a machine; this is the limit of a test that hangs.
  jest.setTimeout(60_000);
  const missing = needs.filter((need) => (need === 'root' ? process.getuid?.() !== 0 : !isInstalled(need)));
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const reason = `${title}: needs ${missing.join(', ')}`;
  if (process.env.CI === 'true') {
    describe(title, () => {
      test('has what it needs', () => {
        throw new Error(reason);
      });
    });
    return;
  }
  process.stderr.write(`not run: ${reason}\n`);
  describe.skip(title, body);
}
