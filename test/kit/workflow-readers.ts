import { afterAll } from '@jest/globals';
import { buildSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// GitHub's own parser of workflows and actions. It imports JSON as only bundlers do, so it is bundled and runs apart.

const PROGRAM = `
import { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';
import { readFileSync } from 'node:fs';
const file = { name: 'file.yml', content: readFileSync(0, 'utf8') };
const isAction = process.argv[2] === 'action';
const { context, value } = (isAction ? parseAction : parseWorkflow)(file, new NoOperationTraceWriter());
// reading finds wrong keys and values, converting the expressions that do not parse
const converted = isAction || value === undefined ? undefined : convertWorkflowTemplate(context, value);
Promise.resolve(converted).then(() => {
  process.stdout.write(context.errors.getErrors().map(({ message }) => message + '\\n').join(''));
});
`;

const folder = mkdtempSync(join(tmpdir(), 'preflight-workflow-parser-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let built: string | undefined;

function parser(): string {
  if (built !== undefined) return built;
  built = join(folder, 'parser.cjs');
  const stdin = { contents: PROGRAM, resolveDir: process.cwd() };
  buildSync({ stdin, bundle: true, platform: 'node', format: 'cjs', outfile: built });
  return built;
}

/** What is wrong with a workflow or an action.yml: its keys, their values and the expressions in it, as lines. */
export function problemsOf(kind: 'workflow' | 'action', text: string): string {
  return execFileSync(process.execPath, [parser(), kind], { input: text, encoding: 'utf8' });
}
