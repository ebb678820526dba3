import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { outputMeets, parseScenario, runScenario, withOutput } from './kit/scenario.js';

const FOLDER = 'test/scenarios';
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.scenario'));

// UPDATE_SCENARIOS=1 writes what came out into the files; read the diff before you commit it.
const update = process.env.UPDATE_SCENARIOS === '1';

describe('the built CLI', () => {
  test.each(files)('%s', async (file) => {
    const path = `${FOLDER}/${file}`;
    const scenario = parseScenario(readFileSync(path, 'utf8'));
    const result = await runScenario(scenario);
    if (update) writeFileSync(path, withOutput(path, result));
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
