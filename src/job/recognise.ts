/** Top-level keys that only job specs of Bacalhau have, today's or older ones, in lower case. */
const SURE = new Set(['tasks', 'spec', 'job', 'job_spec_vm', 'apiversion']);

/** Keys of other formats at the top: whoever has one of them is no job spec. */
const OTHERS = new Set([
  'kind', // Kubernetes
  'services', // compose
  'jobs', // GitHub workflows
  'on',
  'stages',
  'steps',
  'openapi',
  'swagger',
  'scripts', // package.json
  'dependencies',
  'hosts', // Ansible
  '$schema',
  'resources',
  'repos',
  'plugins',
]);

/** How much of a text is looked at: the keys of a job spec stand at its top. */
const LOOKED_AT = 64 * 1024;

/**
 * Whether a text is meant as a job spec of Bacalhau, of today's or an older format. Cheap, so that whole trees can
 * be searched, and conservative: manifests, compose files and workflows are none. It works on texts that do not
 * parse, because those are worth a finding.
 */
export function looksLikeJobSpec(text: string): boolean {
  const head = text.slice(0, LOOKED_AT);
  if (head.includes('\0')) return false;
  const keys = topLevelKeys(head);
  const mayHaveResources = keys.has('type') || keys.has('spec');
  if ([...OTHERS].some((key) => keys.has(key) && !(key === 'resources' && mayHaveResources))) return false;
  const lower = head.toLowerCase();
  if (keys.has('tasks')) return mentions(lower, 'engine') || (keys.has('type') && keys.has('name'));
  if (keys.has('spec')) return keys.has('apiversion') || mentions(lower, 'engine') || mentions(lower, 'enginespec');
  if (keys.has('job')) return mentions(lower, 'engine') || mentions(lower, 'apiversion');
  if (keys.has('job_spec_vm')) return true;
  // the Spec of an older job alone
  if (keys.has('engine') && (keys.has('deal') || keys.has('verifier'))) return true;
  // a job whose Tasks are misspelt or missing
  return (
    keys.has('type') &&
    /^[ \t]*"?type"?\s*:\s*"?(batch|ops|service|daemon)\b/im.test(head) &&
    ![...SURE].some((key) => keys.has(key))
  );
}

function mentions(lower: string, key: string): boolean {
  return lower.includes(`${key}:`) || lower.includes(`"${key}"`) || lower.includes(`'${key}'`);
}

/**
 * A key, another text, or a bracket of JSON, or of YAML in braces. A text that does not end goes to the end, so that none
 * is looked at twice; a quote inside a word begins none.
 */
const FLOW_TOKEN = new RegExp(
  [
    String.raw`"((?:[^"\\]|\\(?:[\s\S]|$))*)"(?=\s*:)`,
    String.raw`"(?:[^"\\]|\\(?:[\s\S]|$))*(?:"|$)`,
    String.raw`(?<=[\s{[,:])'((?:[^']|'')*)'(?=\s*:)`,
    String.raw`(?<=[\s{[,:])'(?:[^']|'')*(?:'|$)`,
    String.raw`(?<=[\s{,])([\w$.-]+)(?=\s*:\s)`,
    String.raw`[{}[\]]`,
  ].join('|'),
  'g',
);

/** Keys at the top of a YAML or JSON text, in lower case, without parsing it. */
function topLevelKeys(text: string): Set<string> {
  const keys = new Set<string>();
  const body = text.replace(/^\ufeff/, '').trimStart();
  if (body.startsWith('{') && !body.startsWith('{{')) {
    let depth = 0;
    for (const [token, quoted, single, plain] of body.matchAll(FLOW_TOKEN)) {
      const key = quoted ?? single ?? plain;
      if (token === '{' || token === '[') depth++;
      else if (token === '}' || token === ']') depth--;
      else if (depth === 1 && key !== undefined) keys.add(key.toLowerCase());
      if (depth === 0) break;
    }
    return keys;
  }
  for (const [, quoted, plain] of body.matchAll(/^(?:["']([\w$.-]+)["']|([\w$.-]+))[ \t]*:(?=\s|$)/gm)) {
    keys.add((quoted ?? plain ?? '').toLowerCase());
  }
  return keys;
}
