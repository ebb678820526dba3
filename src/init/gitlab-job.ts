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

/** Writes a job whose findings are shown in the merge request. */
export function gitlabJob(version: string): string {
  return `bacalhau-preflight:
  image: node:22-slim
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - ${installCommand(version)}
    - bacalhau-preflight check . --report gitlab:preflight-quality.json --report junit:preflight.xml
  artifacts:
    when: always
    reports:
      codequality: preflight-quality.json
      junit: preflight.xml
`;
}
