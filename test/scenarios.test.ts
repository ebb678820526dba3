import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { CliResult } from './kit/cli.js';
import { outputMeets, parseScenario, runScenario, withOutput, type Scenario } from './kit/scenario.js';

const FOLDER = 'test/scenarios';
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.scenario'));

// UPDATE_SCENARIOS=1 writes what came out into the files; read the diff before you commit it.
const update = process.env.UPDATE_SCENARIOS === '1';

function meets({ stdout, stderr, exit }: Scenario, result: CliResult): boolean {
  const isStdout = stdout === undefined || outputMeets(stdout, result.stdout);
  return isStdout && outputMeets(stderr, result.stderr) && result.code === exit;
}

describe('the built CLI', () => {
  test.each(files)('%s', async (file) => {
    const path = `${FOLDER}/${file}`;
    const scenario = parseScenario(readFileSync(path, 'utf8'));
    const result = await runScenario(scenario);
    // What is met as it stands is kept: it may hold regular expressions.
    if (update && !meets(scenario, result)) writeFileSync(path, withOutput(path, result));
    else {
      if (scenario.stdout !== undefined && !outputMeets(scenario.stdout, result.stdout)) {
        expect(result.stdout.trimEnd()).toBe(scenario.stdout.trimEnd());
      }
      if (!outputMeets(scenario.stderr, result.stderr)) expect(result.stderr.trimEnd()).toBe(scenario.stderr.trimEnd());
      expect(result.code).toBe(scenario.exit);
    }
    expect(result.stderr).not.toMatch(/^\s+at .+:\d+:\d+/m); // no stack trace, ever
  });
});
