import { expect } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './cli.js';

/** What the built CLI said about a job with an image. */
export interface Checked {
  readonly code: number | null;
  /** The JSON report; it fits the schema of the package. */
  readonly report: unknown;
  /** All that was printed. */
  readonly output: string;
}

export interface CheckJobOptions {
  /** Further arguments. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Further files beside the job, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A job in which nothing is wrong but, maybe, the image; that is named in line 9. */
export function jobWith(image: string): string {
  return `Name: count
Type: batch
Count: 1
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: ${image}
        Parameters: [count]
`;
}

/** Where a finding about the image of such a job stands. */
export const AT_IMAGE = { path: 'job.yaml', line: 9, column: 16, pointer: '/Tasks/0/Engine/Params/Image' };

/** Runs the built CLI on a job with this image, in a folder of its own: `check job.yaml --format json`. */
export async function checkJob(image: string, options: CheckJobOptions = {}): Promise<Checked> {
  const { code, stdout, stderr } = await runInFolder(image, ['--format', 'json'], options);
  expect(stdout).not.toBe('');
  const report: unknown = JSON.parse(stdout);
  await expectSchema(report);
  return { code, report, output: stdout + stderr };
}

/** As `checkJob`, in the form for people. */
export async function checkJobPretty(
  image: string,
  options: CheckJobOptions = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return runInFolder(image, [], options);
}

async function runInFolder(
  image: string,
  args: readonly string[],
  options: CheckJobOptions,
): ReturnType<typeof runCli> {
  const folder = await mkdtemp(join(tmpdir(), 'check-job-'));
  try {
    const files = { 'job.yaml': jobWith(image), ...options.files };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await runCli(['check', 'job.yaml', ...args, ...(options.args ?? [])], {
      cwd: folder,
      env: options.env ?? {},
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function expectSchema(report: unknown): Promise<void> {
  const schema: unknown = JSON.parse(await readFile('src/report/report-1.schema.json', 'utf8'));
  if (typeof schema !== 'object' || schema === null) throw new Error('the schema is no object');
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  ajv.validate(schema, report);
  expect(ajv.errors ?? []).toEqual([]);
}
