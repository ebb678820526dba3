import { CONFIG_NAME } from '../config/find.js';
import { installCommand } from './install.js';

/** Where GitHub looks for it. */
export const GITHUB_WORKFLOW = '.github/workflows/bacalhau-preflight.yml';

/** Actions of GitHub itself, each at the commit of a release: a tag may be moved, a commit not. */
const CHECKOUT = 'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2';
const SETUP_NODE = 'actions/setup-node@53b83947a5a98c8d113130e565377fae1a50d02f # v6.3.0';
const UPLOAD_SARIF = 'github/codeql-action/upload-sarif@e46ed2cbd01164d986452f91f178727624ae40d7 # v4.35.3';

/**
 * Writes a workflow with two jobs: one annotates each pull request and may do nothing but read, the other hands what a
 * branch holds to code scanning.
 */
export function githubWorkflow(version: string): string {
  return `name: bacalhau-preflight

on:
  pull_request:
  push:
    branches: [main, master]

permissions: {}

jobs:
  pull-request:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
      - uses: ${CHECKOUT}
        with:
          fetch-depth: 2 # the merge that would be made, and the branch that it goes to
          persist-credentials: false
${SET_UP_NODE}
      - run: ${installCommand(version)}
      - name: Check a branch of this repository
        if: github.event.pull_request.head.repo.full_name == github.repository
        run: bacalhau-preflight check . --format github
      # What comes from a fork is the text of a stranger. With --ci-untrusted nothing in it makes the runner open a
      # connection to a place of its choice, and the configuration is the one of the branch that it goes to, which the
      # pull request cannot change. Like any workflow of a pull request this one runs as the pull request has it: let
      # GitHub ask for approval of workflows of outside contributors, and give this job no secrets.
      - name: Check a fork
        if: github.event.pull_request.head.repo.full_name != github.repository
        run: |
          set -- --no-config
          if git cat-file -e HEAD^1:${CONFIG_NAME}; then
            git checkout HEAD^1 -- ${CONFIG_NAME}
            set -- --config ${CONFIG_NAME}
          fi
          bacalhau-preflight check . --ci-untrusted "$@" --format github

  branch:
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      security-events: write # to upload to code scanning
    steps:
      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
${SET_UP_NODE}
      - run: ${installCommand(version)}
      - run: bacalhau-preflight check . --format github --report sarif:preflight.sarif
      # Private repositories have code scanning only where it was bought; if it was, drop the second half.
      - if: always() && !github.event.repository.private
        uses: ${UPLOAD_SARIF}
        with:
          sarif_file: preflight.sarif
`;
}

/** The cache would read the package.json of what is checked, and nothing here is worth keeping. */
const SET_UP_NODE = `      - uses: ${SETUP_NODE}
        with:
          node-version: 22
          package-manager-cache: false`;
