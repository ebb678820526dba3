import { check } from '../check/check.js';
import type { SubjectReport } from '../check/finding.js';
import type { SubjectInput } from '../check/subject.js';
import type { StatsCollector } from '../stats/stats.js';
import type { CheckFlagValues } from './check-flags.js';
import { withHosts, type Configuration } from './configuration.js';
import { imageLooker, rememberLooks } from './image-flags.js';
import { inputLooker } from './input-flags.js';
import { namedDockerfiles } from './named-dockerfiles.js';
import { withBaseline, type UsedBaseline } from './suppressing.js';

/** Checks subjects as the flags and the configuration say; each image is looked at once, however often it is called. */
export interface Checker {
  readonly check: (subjects: readonly SubjectInput[], mostFindings?: number) => Promise<SubjectReport[]>;
  /** What was named beside the subjects and cannot be looked at, a sentence each; complete after the first check. */
  readonly problems: () => readonly string[];
}

/** What a checker needs beside flags and configuration. */
export interface CheckerOptions {
  /** Values of template variables. */
  readonly variables: ReadonlyMap<string, string>;
  readonly baseline: UsedBaseline | undefined;
  readonly stats: StatsCollector;
}

/** Makes the checker of a run. */
export async function checkerFor(
  flags: CheckFlagValues,
  { config, settings, ruleIds }: Configuration,
  { variables, baseline, stats }: CheckerOptions,
): Promise<Checker> {
  const placeProblems: string[] = [];
  const lookAtImage = rememberLooks(
    imageLooker(withHosts(flags, config), { text: flags.image, problems: placeProblems }),
  );
  const { dockerfiles, problems: unread } = await namedDockerfiles(config);
  const settingsOf = await withBaseline(settings.of, baseline);
  const { copiedFile } = flags.deep ? await import('../dockerfile/context.js') : {};
  return {
    check: (subjects, mostFindings) =>
      check(subjects, {
        rules: settings.common.rules,
        target: settings.common.target,
        ruleIds,
        settingsOf,
        variables,
        deep: flags.deep,
        dockerfiles,
        ...(copiedFile === undefined ? {} : { copiedFile }),
        lookAtImage,
        stats,
        lookAtInputs: inputLooker(withHosts(flags, config)),
        ...(flags.image === undefined ? {} : { image: flags.image }),
        ...(mostFindings === undefined ? {} : { mostFindings }),
      }),
    problems: () => [...placeProblems, ...unread],
  };
}
