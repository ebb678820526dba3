/** Where a job dies, in the order in which Bacalhau gets there. */
export const STAGES = ['client', 'orchestrator', 'schedule', 'node', 'run', 'results'] as const;
export type Stage = (typeof STAGES)[number];

/** `error`: it will happen on the target. `warning`: on some nodes, or very likely. `info`: advice. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** What a stage means to the person whose job it is. */
export const STAGE_MEANING: Readonly<Record<Stage, string>> = {
  client: 'bacalhau itself refuses it',
  orchestrator: 'the server refuses the submission',
  schedule: 'accepted, but no node is ever chosen',
  node: 'a node refuses it',
  run: 'the job starts and fails',
  results: 'the job is green, the result is lost or wrong',
};

/** When a stage comes, for what does not end a job there. */
const STAGE_MOMENT: Readonly<Record<Stage, string>> = {
  client: 'before anything is sent',
  orchestrator: 'when the job is submitted',
  schedule: 'when nodes are looked for',
  node: 'when a node is asked',
  run: 'when the program runs',
  results: 'in the results',
};

/** Says what the stage of a rule means: only what is an error does end the job there. */
export function ruleStage({ stage, severity }: { readonly stage: Stage; readonly severity: Severity }): string {
  return severity === 'error' ? STAGE_MEANING[stage] : STAGE_MOMENT[stage];
}
