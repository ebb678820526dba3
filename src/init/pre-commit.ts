/** Where pre-commit looks for it. */
export const PRE_COMMIT_CONFIG = '.pre-commit-config.yaml';

/** Writes the entry of pre-commit's list `repos`. The hook is offline, for it has to be quick. */
export function preCommitEntry(version: string): string {
  return `  - repo: local
    hooks:
      - id: bacalhau-preflight
        name: bacalhau-preflight
        entry: bacalhau-preflight check . --offline
        language: node
        additional_dependencies: ['bacalhau-preflight@${version}']
        files: '(?i)(\\.ya?ml|\\.json|\\.dockerfile|(^|/)(docker|container)file[^/]*)$'
        pass_filenames: false
        require_serial: true
`;
}

/** Writes a whole file with this entry alone. */
export function preCommitConfig(version: string): string {
  return `repos:\n${preCommitEntry(version)}`;
}
