import { holdsFor } from '../target/release.js';
import { shortened } from '../text/shortened.js';
import type { Origin } from '../workload/workload.js';
import type { Finding, NotChecked } from './finding.js';
import type { FactName, Rule, RuleContext, RuleFinding } from './rule.js';
import { CONFIDENCES, STAGES, type Confidence, type Severity } from './stage.js';

/**
 * Why facts are absent, by fact: one reason, or several where inputs of a job were not seen for different ones. A fact
 * that nobody asked for is in neither place; one that is there for some inputs only is in both.
 */
export type MissingFacts = Partial<Readonly<Record<FactName, string | readonly string[]>>>;

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
  readonly rulesRun: number;
}

/** The most that a finding may be sure of when it stands on words that were learned this way. */
const CONFIDENCE_BY_ORIGIN: Readonly<Record<Origin, Confidence>> = {
  spec: 'high',
  exec: 'high',
  shell: 'medium',
  script: 'low',
  guess: 'low',
};

/** Gives the facts that the rules want for a subject: those they need and those they can use. */
export function factsWanted(rules: readonly Rule[], context: Omit<RuleContext, 'facts' | 'workload'>): Set<FactName> {
  const wanted = new Set<FactName>();
  for (const rule of rules) {
    if (!holdsFor(context.target.bacalhau, rule)) continue;
    for (const fact of [...(rule.needs?.(context) ?? []), ...(rule.uses?.(context) ?? [])]) wanted.add(fact);
  }
  return wanted;
}

/**
 * Applies rules to one subject. Pure and synchronous.
 *
 * A rule whose needed facts are missing is not run; one that finds nothing while a fact is missing that it
 * could have used is "not checked" as well, because what was not looked at is no pass. A fact that is there for some
 * inputs only is judged for these, and the rule is "not checked" for the others.
 *
 * @param mostFindings how many findings of one rule are kept
 */
export function judge(
  rules: readonly Rule[],
  context: RuleContext,
  missing: MissingFacts,
  mostFindings = MOST_FINDINGS,
): Judgement {
  const findings: Finding[] = [];
  const blocked = new Map<FactName, Set<string>>();
  let rulesRun = 0;
  const block = (facts: readonly FactName[], rule: string): void => {
    for (const fact of facts) blocked.set(fact, (blocked.get(fact) ?? new Set()).add(rule));
  };
  for (const rule of rules) {
    if (!holdsFor(context.target.bacalhau, rule)) continue;
    // Nothing was seen that it could judge: that is neither a pass nor "not checked".
    if (rule.judges === 'run' && context.run === undefined) continue;
    const needed = (rule.needs?.(context) ?? []).filter((fact) => missing[fact] !== undefined);
    const used = (rule.uses?.(context) ?? []).filter((fact) => missing[fact] !== undefined);
    const inPart = [...needed, ...used].filter((fact) => context.facts[fact] !== undefined);
    const withoutNeeded = needed.filter((fact) => context.facts[fact] === undefined);
    if (withoutNeeded.length > 0) {
      block(withoutNeeded, rule.id);
      continue;
    }
    const found = firstOf(rule, rule.check(context), mostFindings);
    for (const finding of found) findings.push(finding);
    const unseen = [...inPart, ...(found.length === 0 ? used : [])];
    if (unseen.length > 0) block(unseen, rule.id);
    else rulesRun++;
  }
  return { findings: inOrder(findings), notChecked: groupByReason(blocked, missing), rulesRun };
}

/** So many findings of one rule in one subject are told; nobody reads more, and a hostile file has a million. */
export const MOST_FINDINGS = 100;

function firstOf(rule: Rule, yielded: Iterable<RuleFinding>, most: number): Finding[] {
  const found: Finding[] = [];
  for (const finding of yielded) {
    const last = found.length === most ? found.pop() : undefined;
    if (last !== undefined) {
      const more = { message: `there is more of the same; the first ${String(most)} are told` };
      return [...found, { ...last, related: [...last.related, more] }];
    }
    found.push(settle(rule, finding));
  }
  return found;
}

/** Characters of one message: a value of a megabyte is quoted by its beginning. */
const MOST_MESSAGE = 2000;

/** Fills in what the rule says for all its findings, and lowers what the evidence does not carry. */
function settle(rule: Rule, finding: RuleFinding): Finding {
  const cap = finding.evidence === undefined ? 'high' : CONFIDENCE_BY_ORIGIN[finding.evidence];
  const confidence = lower(finding.confidence ?? 'high', cap);
  return {
    rule: rule.id,
    severity:
      confidence === 'low' ? notAnError(finding.severity ?? rule.severity) : (finding.severity ?? rule.severity),
    confidence,
    stage: finding.stage ?? rule.stage,
    message: bounded(finding.message),
    remedy: bounded(finding.remedy ?? rule.remedy),
    at: finding.at,
    ...(finding.isSecret === true ? { isSecret: true } : {}),
    related: finding.related ?? [],
    ...(finding.fix === undefined ? {} : { fix: finding.fix }),
  };
}

function bounded(text: string): string {
  return text.length > MOST_MESSAGE ? shortened(text, MOST_MESSAGE) : text;
}

function lower(a: Confidence, b: Confidence): Confidence {
  return CONFIDENCES.indexOf(a) > CONFIDENCES.indexOf(b) ? a : b;
}

/** A guess is never an error. */
function notAnError(severity: Severity): Severity {
  return severity === 'error' ? 'warning' : severity;
}

/** Orders the findings of one subject by stage, then place (its own text first), then rule, so that every format and every run agree. */
function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) ||
      compareText(a.at.file?.path ?? '', b.at.file?.path ?? '') ||
      a.at.span.start - b.at.span.start ||
      compareText(a.rule, b.rule) ||
      compareText(a.message, b.message),
  );
}

function groupByReason(blocked: ReadonlyMap<FactName, ReadonlySet<string>>, missing: MissingFacts): NotChecked[] {
  return [...blocked].flatMap(([fact, rules]) => {
    const reasons = missing[fact] ?? [];
    const each = typeof reasons === 'string' ? [reasons] : reasons;
    return each.map((reason) => ({ fact, reason, rules: [...rules].sort() }));
  });
}

/** By code unit: the same order on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
