import { Ajv, type ValidateFunction } from 'ajv';
import { parse as parseJunit } from 'junit2json';
import { marked } from 'marked';
import { readFileSync } from 'node:fs';

// Readers of reports as their consumers have them.

/** What is wrong with a SARIF log by the schema of SARIF 2.1.0. */
export function sarifProblems(text: string): unknown[] {
  const validate = sarifSchema();
  validate(JSON.parse(text));
  return validate.errors ?? [];
}

let compiled: ValidateFunction | undefined;

function sarifSchema(): ValidateFunction {
  if (compiled !== undefined) return compiled;
  const { $schema, id, ...schema } = objectOf(
    readFileSync('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', 'utf8'),
  );
  if (typeof $schema !== 'string' || typeof id !== 'string') throw new Error('this is not the schema of SARIF');
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  ajv.addFormat('uri', (uri: string) => URL.canParse(uri));
  ajv.addFormat('uri-reference', /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-F]{2})*$/);
  ajv.addFormat('date-time', true);
  compiled = ajv.compile(schema);
  return compiled;
}

function objectOf(json: string): Record<string, unknown> {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null) throw new Error('this is no object');
  return Object.fromEntries(Object.entries(value));
}

/** What is wrong with a Code Quality report: what GitLab's parser asks of each entry. */
export function gitlabProblems(text: string): unknown[] {
  const ajv = new Ajv({ allErrors: true });
  ajv.validate(
    {
      type: 'array',
      items: {
        type: 'object',
        required: ['description', 'fingerprint', 'severity', 'location'],
        properties: {
          description: { type: 'string', minLength: 1 },
          check_name: { type: 'string' },
          fingerprint: { type: 'string', minLength: 1 },
          severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
          location: {
            type: 'object',
            required: ['path', 'lines'],
            properties: {
              path: { type: 'string' },
              lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
            },
          },
        },
      },
    },
    JSON.parse(text),
  );
  return ajv.errors ?? [];
}

/** One test case of a JUnit report. */
export interface JunitCase {
  readonly suite: string;
  readonly name: string;
  readonly failure?: string;
  readonly skipped: boolean;
}

/** The test cases of a JUnit report, as a test page shows them. */
export async function junitCases(text: string): Promise<JunitCase[]> {
  const document = await parseJunit(text);
  const suites =
    document === undefined || document === null || !('testsuite' in document) ? [] : (document.testsuite ?? []);
  return suites.flatMap(({ name: suite = '', testcase = [] }) =>
    testcase.map(({ name = '', failure = [], skipped = [] }) => ({
      suite,
      name,
      ...(failure[0]?.inner === undefined ? {} : { failure: failure[0].inner }),
      skipped: skipped.length > 0,
    })),
  );
}

/** A workflow command, as the runner of GitHub Actions reads it out of a log. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** The commands in a log: a line that begins with `::`, and the old form with `##[` anywhere in a line. */
export function workflowCommands(log: string): WorkflowCommand[] {
  return log.split(/\r\n|\n|\r/).flatMap((line) => {
    const modern = /^\s*::([^ :]+)(?: (.*?))?::(.*)$/.exec(line);
    if (modern === null) {
      const old = /##(?:vso)?\[([^\]]*)\](.*)$/i.exec(line);
      return old === null ? [] : [{ name: old[1] ?? '', properties: {}, message: old[2] ?? '' }];
    }
    const [, name = '', list = '', message = ''] = modern;
    const properties = list.split(',').map((part): [string, string] => {
      const at = part.indexOf('=');
      return [part.slice(0, at), unescaped(part.slice(at + 1))];
    });
    return [{ name, properties: Object.fromEntries(properties), message: unescaped(message) }];
  });
}

function unescaped(text: string): string {
  return text
    .replace(/%3A/g, ':')
    .replace(/%2C/g, ',')
    .replace(/%0D/g, '\r')
    .replace(/%0A/g, '\n')
    .replace(/%25/g, '%');
}

/** The HTML of a Markdown text, with the bare links that GitHub and GitLab make. */
export function htmlOf(markdown: string): string {
  return marked.parse(markdown, { gfm: true, async: false });
}
