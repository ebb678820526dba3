import type { Answers } from './answers.js';

/**
 * Writes the configuration file. Its first line lets an editor complete and explain it by the schema in the package.
 *
 * @param version of this package
 */
export function configFile({ target, platforms }: Answers, version: string): string {
  return `# yaml-language-server: $schema=https://unpkg.com/bacalhau-preflight@${version}/src/config/config.schema.json
# Configuration of bacalhau-preflight; \`bacalhau-preflight check --print-config\` shows what is in effect.

# The Bacalhau release that jobs go to, or the path of a file that says what your network offers.
target: ${quoted(target)}

# Platforms of the nodes.
platforms: [${platforms.join(', ')}]

# The mildest finding that fails a run: error, warning, info or never.
failOn: error

# Rules that are off or have another severity; input/* means a group, * means all.
# rules:
#   image/moving-tag: off

# What your nodes offer, where it is not what is usual.
# network:
#   privateRegistries: [registry.example.org:5000]
#   localPaths: ['/data/**:ro']
`;
}

/** A release stays a text (1.10 is not 1.1), and any path is one YAML value. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? `'${text}'` : JSON.stringify(text);
}
