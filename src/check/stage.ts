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
