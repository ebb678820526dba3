// The library: the engine without the command line. Nothing here reads flags or the environment, prints, or does
// anything when it is imported.
import builtIn from '../rules/index.js';
import { check as checkSubjects, type LookAtImage, type LookAtInputs } from './check/check.js';
import type { SubjectReport } from './check/finding.js';
import type { Rule, SubjectKind } from './check/rule.js';
import { argumentProblem } from './check/arguments.js';
import { FORMATS, type Format } from './report/format.js';
import { builtInTarget } from './target/built-in.js';
import { isPlatform } from './target/read.js';
import { resolveRelease } from './target/release.js';
import type { Target } from './target/target.js';
import { sourceText } from './text/source.js';
import { version } from './version.js';

export { default as rules } from '../rules/index.js';
export type { LookAtImage, LookAtInputs, Looked } from './check/check.js';
export type { Finding, LookedAtImage, NotChecked, SubjectReport } from './check/finding.js';
export { defineRule } from './check/rule.js';
export type { Facts, FactName, Fix, Rule, RuleContext, RuleFinding, SubjectKind } from './check/rule.js';
export type { Confidence, Severity, Stage } from './check/stage.js';
export { FORMATS, type Format } from './report/format.js';
export { builtInTarget } from './target/built-in.js';
export { readTarget } from './target/read.js';
export type { Target } from './target/target.js';
export { positionAt, sourceText, type Place, type Position, type SourceText, type Span } from './text/source.js';

/** A text to check. */
export interface Input {
  readonly kind: SubjectKind;
  readonly text: string;
  /** What reports call it; no file is opened. Default: the kind. */
  readonly path?: string;
}

export interface Options {
  /** What the nodes offer: a target, or a Bacalhau release such as `1.6`. Default: the newest release. */
  readonly target?: Target | string;
  /** Platforms of the nodes, where the target is a release. Default: linux/amd64. */
  readonly platforms?: readonly string[];
  /** Default: all rules of this package. */
  readonly rules?: readonly Rule[];
  /** Values of template variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** An image that stands in for the one that a job names. */
  readonly image?: string;
  /** Looks at images, see `lookAtRegistry`. Default: none is looked at, and what needs it is not checked. */
  readonly lookAtImage?: LookAtImage;
  /** Looks at inputs. Default: none is looked at. */
  readonly lookAtInputs?: LookAtInputs;
}

/**
 * Checks texts: one report for each, in the order given. Bad text does not throw; it ends in findings.
 *
 * What a rule or a function of the options throws comes through.
 *
 * @throws TypeError for arguments of a wrong shape, RangeError for a release or a platform that is none; as rejections
 */
export async function check(inputs: readonly Input[], options: Options = {}): Promise<SubjectReport[]> {
  const problem = argumentProblem(inputs, options);
  if (problem !== undefined) throw new TypeError(problem);
  const { image, lookAtInputs } = options;
  return checkSubjects(
    inputs.map(({ kind, path = kind, text }) => ({ kind, source: sourceText(path, text) })),
    {
      rules: options.rules ?? builtIn,
      target: targetOf(options),
      variables: new Map(Object.entries(options.variables ?? {})),
      lookAtImage: options.lookAtImage ?? lookAtNothing,
      ...(image === undefined ? {} : { image }),
      ...(lookAtInputs === undefined ? {} : { lookAtInputs }),
    },
  );
}

/** What `reportAs` needs to know beside the reports. */
export interface ReportAsOptions extends Pick<Options, 'target' | 'platforms' | 'rules'> {
  /** Absolute folder that paths are told from. */
  readonly folder?: string;
}

/**
 * Gives reports in one of the forms that the command line has, without colours.
 *
 * @throws RangeError for a form, a release or a platform that is none; as rejections
 */
export async function reportAs(
  format: Format,
  reports: readonly SubjectReport[],
  options: ReportAsOptions = {},
): Promise<string> {
  if (!FORMATS.includes(format)) throw new RangeError(`there is no form ${format}: ${FORMATS.join(', ')}`);
  const { FILE, render } = await import('./report/render.js');
  const about = {
    target: targetOf(options),
    version,
    rules: options.rules ?? builtIn,
    problems: [],
    failOn: 'error' as const,
    folder: options.folder ?? '/',
  };
  return render(reports, format, about, FILE);
}

/** What may be asked, and with what. */
export interface RegistryOptions {
  /** Registries and hosts that may have private addresses. Default: none, so that a text decides no such request. */
  readonly allowedHosts?: readonly string[];
  /** Registries that may be asked over plain HTTP. */
  readonly insecureRegistries?: readonly string[];
}

/** Gives a function for `lookAtImage` that asks registries, without credentials, and nothing else. */
export function lookAtRegistry({ allowedHosts = [], insecureRegistries = [] }: RegistryOptions = {}): LookAtImage {
  return async (name, wanted, platforms, askFiles) => {
    if (name.source !== 'registry') return lookAtNothing(name, wanted, platforms, askFiles);
    const { lookAtImage } = await import('./image/look.js');
    return lookAtImage(name, wanted, {
      askFiles,
      platforms,
      offline: false,
      env: {},
      credentials: false,
      insecureRegistries,
      allowedHosts: [...allowedHosts, ...insecureRegistries],
      trustsReference: false,
    });
  };
}

const lookAtNothing: LookAtImage = (_, wanted) =>
  Promise.resolve({
    facts: {},
    missing: Object.fromEntries([...wanted].map((fact) => [fact, 'images are not looked at'])),
  });

function targetOf({ target, platforms }: Pick<Options, 'target' | 'platforms'>): Target {
  if (typeof target === 'object') return target;
  const release = target === undefined ? undefined : resolveRelease(target);
  if (target !== undefined && release === undefined)
    throw new RangeError(`there is no Bacalhau release ${target} known here`);
  const wrong = platforms?.find((platform) => !isPlatform(platform));
  if (wrong !== undefined) throw new RangeError(`${wrong} is no platform: expected OS/ARCH, such as linux/amd64`);
  return builtInTarget(release, platforms);
}
