import {
  DOCKER_PARAMS,
  JOB,
  PUBLISHER_PARAMS,
  SOURCE_PARAMS,
  WASM_PARAMS,
  type Field,
  type ObjectShape,
  type Shape,
} from './schema.js';
import { networkModes } from './validate-network.js';

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Gives a JSON Schema (draft 2020-12) of the current job spec, for completion and hover in an editor, from the fields
 * that the reader reads. Unknown keys are left to the checks: Bacalhau takes keys in any case, which no schema can say.
 *
 * @param release exact release of Bacalhau
 */
export function jobSchema(release: string): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Bacalhau ${release} job`,
    ...schemaOf(JOB, release),
  };
}

/** What must be there, by Go type (`Job.ValidateSubmission`). */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  Job: ['Type', 'Tasks'],
  Task: ['Name', 'Engine'],
  SpecConfig: ['Type'],
  InputSource: ['Source', 'Target'],
  ResultPath: ['Name', 'Path'],
  LabelSelectorRequirement: ['Key', 'Operator'],
};

/** Params by the key that holds the `{Type, Params}` pair. */
const PARAMS: Readonly<Record<string, Readonly<Record<string, ObjectShape>>>> = {
  Engine: { docker: DOCKER_PARAMS, wasm: WASM_PARAMS },
  Source: SOURCE_PARAMS,
  Publisher: PUBLISHER_PARAMS,
};

function schemaOf(shape: Shape, release: string): JsonSchema {
  switch (shape.kind) {
    case 'any':
      return {};
    case 'string':
      return { type: 'string' };
    case 'int':
      return { type: 'integer' };
    case 'bool':
      return { type: 'boolean' };
    case 'stringMap':
      return { type: 'object', additionalProperties: { type: ['string', 'null'] } };
    case 'list':
      return { type: 'array', items: schemaOf(shape.item, release) };
    case 'object': {
      const required = REQUIRED[shape.goType];
      const properties = Object.fromEntries(
        shape.fields.map((field) => [field.name, fieldSchema(withValues(field, shape, release), release)]),
      );
      return { type: 'object', properties, ...(required === undefined ? {} : { required }) };
    }
  }
}

/** Network modes are known by release. */
function withValues(field: Field, { goType }: ObjectShape, release: string): Field {
  return goType === 'NetworkConfig' && field.name === 'Type' ? { ...field, values: networkModes(release) } : field;
}

function fieldSchema({ name, shape, description, values, exact }: Field, release: string): JsonSchema {
  const params = shape.kind === 'object' && shape.goType === 'SpecConfig' ? PARAMS[name] : undefined;
  return {
    description,
    ...schemaOf(shape, release),
    ...(values === undefined
      ? {}
      : exact === true
        ? { enum: values }
        : { anyOf: [{ enum: values }, { type: 'string' }] }),
    ...(params === undefined ? {} : paramsByType(params, release)),
  };
}

/** Types are compared without case; completion offers them as people write them. */
function paramsByType(params: Readonly<Record<string, ObjectShape>>, release: string): JsonSchema {
  const types = Object.keys(params);
  return {
    properties: {
      Type: { description: `One of ${types.join(', ')}, in any case.`, anyOf: [{ enum: types }, { type: 'string' }] },
      Params: { description: 'Parameters of the type.' },
    },
    allOf: Object.entries(params).map(([type, shape]) => ({
      if: { properties: { Type: { type: 'string', pattern: anyCase(type) } }, required: ['Type'] },
      then: { properties: { Params: { ...schemaOf(shape, release), ...requiredParams(shape) } } },
    })),
  };
}

/** JSON Schema patterns know no flag for case. */
function anyCase(word: string): string {
  return `^${word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)}$`;
}

function requiredParams({ fields }: ObjectShape): JsonSchema {
  const names = fields.map(({ name }) => name);
  const required = ['Image', 'EntryModule', 'CID', 'SourcePath', 'Bucket'].filter((name) => names.includes(name));
  return required.length === 0 ? {} : { required };
}
