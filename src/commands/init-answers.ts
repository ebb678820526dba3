import { CI_SYSTEMS, type Answers, type CiSystem } from '../init/answers.js';
import { readTarget } from '../target/read.js';
import { NEWEST_RELEASE } from '../target/release.js';
import type { Asker } from './ask.js';

/** What flags answer. */
export interface Given {
  readonly target: string | undefined;
  readonly platforms: readonly string[] | undefined;
  readonly ci: CiSystem | undefined;
  readonly preCommit: boolean | undefined;
}

/**
 * Gives the answers: of flags, else of the asker, else the usual ones.
 *
 * @param usual the CI system that the repository seems to have
 * @param asker absent when nothing is to be asked
 */
export async function answersOf(given: Given, usual: CiSystem, asker: Asker | undefined): Promise<Answers> {
  const newest = NEWEST_RELEASE.split('.').slice(0, 2).join('.');
  const problem = async (target: string | undefined, platforms: readonly string[]): Promise<string | undefined> => {
    const result = await readTarget(target, platforms);
    return result.ok ? undefined : result.message.replace(/^--(target|platform) /, '');
  };
  const target =
    given.target ??
    (await asker?.ask('Bacalhau release that jobs go to, or a file that says what your nodes offer', newest, (text) =>
      problem(text, []),
    )) ??
    newest;
  const platforms =
    given.platforms ??
    listOf(
      (await asker?.ask('Platforms of the nodes, with commas between', 'linux/amd64', (text) =>
        problem(undefined, listOf(text)),
      )) ?? 'linux/amd64',
    );
  const ci =
    given.ci ??
    ciNamed(
      await asker?.ask('CI system: github, gitlab or none', usual, (text) =>
        ciNamed(text) === undefined ? `there is no job for ${text}: github, gitlab or none` : undefined,
      ),
    ) ??
    usual;
  const preCommit =
    given.preCommit ?? (await asker?.confirm('Check before each commit too, with pre-commit?', false)) ?? false;
  return { target, platforms, ci, preCommit };
}

function ciNamed(text: string | undefined): CiSystem | undefined {
  return CI_SYSTEMS.find((name) => name === text);
}

function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}
