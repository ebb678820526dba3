import { check } from '../../src/check/check.js';
import type { SubjectReport } from '../../src/check/finding.js';
import type { Example, Rule, SubjectKind } from '../../src/check/rule.js';
import type { SubjectInput } from '../../src/check/subject.js';
import { mend, type Mended } from '../../src/fix/mend.js';
import { builtInTarget } from '../../src/target/built-in.js';
import { resolveRelease } from '../../src/target/release.js';
import { sourceText } from '../../src/text/source.js';
import { checkAs } from './example.js';

export interface MendTextOptions {
  readonly rules: readonly Rule[];
  readonly kind?: SubjectKind;
  readonly unsafe?: boolean;
  readonly release?: string;
  readonly variables?: ReadonlyMap<string, string>;
  /** Checks in the world of this example, with what it says of images and inputs. */
  readonly example?: Example;
  /** What is there once the text was mended, where that differs. */
  readonly afterwards?: Example;
}

/** Checks and mends a text, as the command does; without looking at any image unless an example says what is there. */
export async function mendText(text: string, options: MendTextOptions): Promise<Mended & { first: SubjectReport }> {
  const { rules, kind = 'job', unsafe = false, variables = new Map<string, string>() } = options;
  const target = builtInTarget(resolveRelease(options.release ?? '1.9'));
  const checkOffline = (inputs: readonly SubjectInput[], mostFindings?: number): Promise<SubjectReport[]> =>
    check(inputs, {
      rules,
      target,
      variables,
      ...(mostFindings === undefined ? {} : { mostFindings }),
      lookAtImage: (_name, wanted) =>
        Promise.resolve({ facts: {}, missing: Object.fromEntries([...wanted].map((fact) => [fact, 'offline'])) }),
    });
  const checkAll = options.example === undefined ? checkOffline : checkAs(options.example, rules);
  const checkAfter = options.afterwards === undefined ? checkAll : checkAs(options.afterwards, rules);
  const path = kind === 'command' ? '<command>' : kind === 'job' ? 'job.yaml' : 'Dockerfile';
  const input: SubjectInput = { kind, source: sourceText(path, text) };
  const [first] = await checkAll([input]);
  if (first === undefined) throw new Error('no report');
  const [mended] = await mend([input], [first], { unsafe, variables, check: checkAfter });
  if (mended === undefined) throw new Error('nothing came back');
  return { ...mended, first };
}
