import { CONFIG_NAME } from '../config/find.js';
import type { Answers } from './answers.js';
import { configFile } from './config-file.js';
import { GITHUB_WORKFLOW, githubWorkflow } from './github-workflow.js';
import { GITLAB_JOB, GITLAB_PIPELINE, gitlabInclude, gitlabJob } from './gitlab-job.js';
import { PRE_COMMIT_CONFIG, preCommitConfig, preCommitEntry } from './pre-commit.js';

/** A file that `init` would write. */
export interface PlannedFile {
  /** Seen from the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** What it is good for, as a phrase. */
  readonly purpose: string;
  /** Lines to add by hand where a file of that name is kept, and where in it; for files that others write into too. */
  readonly toAdd?: { readonly to: string; readonly lines: string };
}

/** Plans the files for what was answered, in the order in which they are written. */
export function plannedFiles(answers: Answers, version: string): PlannedFile[] {
  const files: PlannedFile[] = [
    { path: CONFIG_NAME, text: configFile(answers, version), purpose: 'target, rules and what fails a run' },
  ];
  if (answers.ci === 'github') {
    files.push({ path: GITHUB_WORKFLOW, text: githubWorkflow(version), purpose: 'checks each pull request' });
  }
  if (answers.ci === 'gitlab') {
    files.push(
      { path: GITLAB_JOB, text: gitlabJob(version), purpose: 'checks each merge request' },
      {
        path: GITLAB_PIPELINE,
        text: gitlabInclude(),
        purpose: 'brings that job into the pipeline',
        toAdd: { to: `${GITLAB_PIPELINE}, or to the list "include" that it has`, lines: gitlabInclude() },
      },
    );
  }
  if (answers.preCommit) {
    files.push({
      path: PRE_COMMIT_CONFIG,
      text: preCommitConfig(version),
      purpose: 'checks before each commit, after `pre-commit install`',
      toAdd: { to: `the list "repos" of ${PRE_COMMIT_CONFIG}`, lines: preCommitEntry(version) },
    });
  }
  return files;
}
