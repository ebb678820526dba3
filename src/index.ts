// The library: the engine without the command line. Nothing here reads flags, prints or sets an exit code.
export { default as rules } from '../rules/index.js';
export { check, type CheckOptions, type LookAtImage, type Looked } from './check/check.js';
export type { Finding, LookedAtImage, NotChecked, SubjectReport } from './check/finding.js';
export { defineRule, type Facts, type Rule, type RuleContext, type RuleFinding } from './check/rule.js';
export type { Confidence, Severity, Stage } from './check/stage.js';
export type { SubjectInput } from './check/subject.js';
export { builtInTarget } from './target/built-in.js';
export { readTarget } from './target/read.js';
export type { Target } from './target/target.js';
export { sourceText, type SourceText } from './text/source.js';
