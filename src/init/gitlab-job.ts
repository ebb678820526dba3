import { CONFIG_NAME } from '../config/find.js';
import { installCommand } from './install.js';

/** Where the job stands, beside the pipeline's own file. */
export const GITLAB_JOB = '.gitlab/bacalhau-preflight.gitlab-ci.yml';
/** Where GitLab looks for the pipeline. */
export const GITLAB_PIPELINE = '.gitlab-ci.yml';

/** Writes the lines that bring the job into a pipeline. */
export function gitlabInclude(): string {
  return `include:
  - local: ${GITLAB_JOB}
`;
}

/** Writes a job whose findings are shown in the merge request. It wants git in the image, which the slim ones lack. */
export function gitlabJob(version: string): string {
  return `bacalhau-preflight:
  image: node:22
  timeout: 15 minutes
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - ${installCommand(version)}
    # What comes from a fork is the text of a stranger. With --ci-untrusted nothing in it makes the runner open a
    # connection to a place of its choice, and the configuration is the one of the branch that it goes to, which the
    # merge request cannot change. Run pipelines of forks with the runners of this project only after reading them:
    # they run as the merge request has them.
    - |
      set --
      if [ "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID" != "$CI_MERGE_REQUEST_PROJECT_ID" ]; then
        set -- --ci-untrusted --no-config
        git fetch --depth 1 origin "refs/heads/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
        if git cat-file -e FETCH_HEAD:${CONFIG_NAME}; then
          git checkout FETCH_HEAD -- ${CONFIG_NAME}
          set -- --ci-untrusted --config ${CONFIG_NAME}
        fi
      fi
      bacalhau-preflight check . "$@" --report gitlab:preflight-quality.json --report junit:preflight.xml
  artifacts:
    when: always
    reports:
      codequality: preflight-quality.json
      junit: preflight.xml
`;
}
