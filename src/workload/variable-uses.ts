import type { EnvEntry, DockerParams } from '../job/job-spec.js';
import type { Located } from '../text/source.js';
import { isInputsPath, isOutputsPath } from './folders.js';
import { hasVariable } from './gaps.js';
import { pathUse } from './path-words.js';
import { roleOfOption } from './option-roles.js';
import type { PathUse, Word } from './workload.js';

/** What decides the environment of a job. */
interface JobVariables {
  readonly env?: readonly EnvEntry[];
  readonly docker?: DockerParams;
}

/**
 * Paths that the job hands to its program in variables: `OUTPUT_DIR=/outputs`. What becomes of them is a guess by the
 * names of the variable and the folder; only folders that are called as people call inputs and results are told.
 */
export function variableUses({ env, docker }: JobVariables): { readonly reads: PathUse[]; readonly writes: PathUse[] } {
  const reads: PathUse[] = [];
  const writes: PathUse[] = [];
  const add = (name: string, value: Located<string>): void => {
    const role = roleOfOption(name);
    const isMeant = role === 'write' ? isOutputsPath(value.value) : role === 'read' && isInputsPath(value.value);
    if (!isMeant || hasVariable(value.value)) return;
    const use = pathUse({ word: wordOf(value) }, `the variable ${name}`, undefined, true);
    if (use !== undefined) (role === 'write' ? writes : reads).push(use);
  };
  for (const { name, value } of env ?? []) add(name.value, value);
  for (const pair of docker?.environmentVariables ?? []) {
    const equals = pair.value.indexOf('=');
    if (equals > 0) add(pair.value.slice(0, equals), { ...pair, value: pair.value.slice(equals + 1) });
  }
  return { reads, writes };
}

function wordOf({ value, span, pointer }: Located<string>): Word {
  const at = pointer === undefined ? { span } : { span, pointer };
  return { text: value, known: true, origin: 'spec', from: 'subject', at };
}
