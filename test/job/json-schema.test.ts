import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { jobSchema } from '../../src/job/json-schema.js';
import { NEWEST_RELEASE, RELEASES } from '../../src/target/release.js';

const validate = new Ajv2020({ strict: false }).compile(jobSchema(NEWEST_RELEASE));
const job = (engine: unknown, more: object = {}): unknown => ({
  Type: 'batch',
  Tasks: [{ Name: 'main', Engine: engine, ...more }],
});

describe('the JSON Schema of a job', () => {
  test.each(RELEASES)('of %s compiles', (release) => {
    expect(() => new Ajv2020({ strict: false }).compile(jobSchema(release))).not.toThrow();
  });

  test.each(['good', 'bad'])('takes the %s example of the demo', (name) => {
    expect(validate(parse(readFileSync(`fixtures/demo/${name}.yaml`, 'utf8')))).toBe(true);
  });

  test.each<[string, unknown, boolean]>([
    ['an engine in another case', job({ Type: 'Docker', Params: { Image: 'alpine' } }), true],
    [
      'a network mode in any case',
      job({ Type: 'docker', Params: { Image: 'a' } }, { Network: { Type: 'none' } }),
      true,
    ],
    ['no image', job({ Type: 'docker', Params: {} }), false],
    ['a text where a list belongs', job({ Type: 'DOCKER', Params: { Image: 'a', Parameters: 'ls' } }), false],
    [
      'a number of cores without quotes',
      job({ Type: 'docker', Params: { Image: 'a' } }, { Resources: { CPU: 1 } }),
      false,
    ],
    ['no tasks', { Type: 'batch' }, false],
    ['a job type in another case', { Type: 'Batch', Tasks: [] }, false],
  ])('%s', (_, value, expected) => {
    expect(validate(value)).toBe(expected);
  });

  test('every field has a description', () => {
    const undescribed: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, value] of Object.entries(schema)) {
        if (key === 'properties' && !path.endsWith('/if')) {
          for (const [name, field] of Object.entries(value as object)) {
            if (!('description' in (field as object)) && name !== 'Params') undescribed.push(`${path}/${name}`);
          }
        }
        visit(value, `${path}/${key}`);
      }
    };
    visit(jobSchema(NEWEST_RELEASE), '');
    expect(undescribed).toEqual([]);
  });
});
