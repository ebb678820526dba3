import { installCommand } from './install.js';

/** Where GitHub looks for it. */
export const GITHUB_WORKFLOW = '.github/workflows/bacalhau-preflight.yml';

/** Writes a workflow that annotates each pull request. It may read the repository and nothing else. */
export function githubWorkflow(version: string): string {
  return `name: bacalhau-preflight

on:
  pull_request:
  push:
    branches: [main, master]

permissions:
  contents: read

jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: ${installCommand(version)}
      - run: bacalhau-preflight check . --format github
`;
}
