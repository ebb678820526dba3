import { check } from '../../src/check/check.js';
import type { SubjectReport } from '../../src/check/finding.js';
import type { Rule, SubjectKind } from '../../src/check/rule.js';
import type { SubjectInput } from '../../src/check/subject.js';
import { mend, type Mended } from '../../src/fix/mend.js';
import { builtInTarget } from '../../src/target/built-in.js';
import { resolveRelease } from '../../src/target/release.js';
import { sourceText } from '../../src/text/source.js';

export interface MendTextOptions {
  readonly rules: readonly Rule[];
  readonly kind?: SubjectKind;
  readonly unsafe?: boolean;
  readonly release?: string;
  readonly variables?: ReadonlyMap<string, string>;
}

/** Checks and mends a text, without looking at any image. */
export async function mendText(text: string, options: MendTextOptions): Promise<Mended & { first: SubjectReport }> {
  const { rules, kind = 'job', unsafe = false, variables = new Map<string, string>() } = options;
  const target = builtInTarget(resolveRelease(options.release ?? '1.9'));
  const checkAll = (inputs: readonly SubjectInput[]): Promise<SubjectReport[]> =>
    check(inputs, {
      rules,
      target,
      variables,
      lookAtImage: (_name, wanted) =>
        Promise.resolve({ facts: {}, missing: Object.fromEntries([...wanted].map((fact) => [fact, 'offline'])) }),
    });
  const path = kind === 'command' ? '<command>' : kind === 'job' ? 'job.yaml' : 'Dockerfile';
  const input: SubjectInput = { kind, source: sourceText(path, text) };
  const [first] = await checkAll([input]);
  if (first === undefined) throw new Error('no report');
  const [mended] = await mend([input], [first], { unsafe, variables, check: checkAll });
  if (mended === undefined) throw new Error('nothing came back');
  return { ...mended, first };
}
