import { compareReleases } from '../../target/release.js';
import type { Located, Place } from '../../text/source.js';
import type {
  Constraint,
  EnvEntry,
  InputSource,
  JobProblem,
  JobSpec,
  LocatedList,
  Network,
  ResultPath,
  Task,
  TypedParams,
} from '../job-spec.js';
import { shown, unknown } from '../problem.js';
import type { GivenFlag, ParsedFlags } from './flags.js';
import { line } from './habits.js';
import { csvFields, parseInput, type ParsedValue } from './input.js';
import { isLabel, parseSelector } from './selector.js';
import { isConfigValue, parseEnv, parseOutput, parsePublisher, parseWhole } from './values.js';
import { part, type Word } from './words.js';

type Built = Omit<JobSpec, 'source' | 'origin' | 'at' | 'problems' | 'unresolved'>;

/** Builds the job that flags and words stand for (`BuildJobFromFlags`, release 1.9). A problem without severity is refused. */
export function buildJob(parsed: ParsedFlags, at: Place, release: string): { job: Built; problems: JobProblem[] } {
  const problems: JobProblem[] = [];
  const take = <T>(given: GivenFlag, value: ParsedValue<T>): T[] => {
    if (value.ok) return [value.value];
    problems.push(refusedValue(given, value, parsed));
    return [];
  };
  const all = (name: string): GivenFlag[] => parsed.flags.filter(({ spec }) => spec.name === name);
  const last = (name: string): Word | undefined => all(name).at(-1)?.value;
  for (const given of parsed.flags) problems.push(...valueProblems(given, parsed, release));

  const constraints = selected(last('constraints') ?? last('selector'), problems);
  const labels = labelsOf(all('labels'), problems);
  const publisher: TypedParams | undefined = all('publisher')
    .flatMap((given) => take(given, parsePublisher(given.value)))
    .at(-1);
  const inputs: InputSource[] = all('input').flatMap((given, index) => take(given, parseInput(given.value, index)));
  const resultPaths: ResultPath[] = all('output').flatMap((given) => take(given, parseOutput(given.value)));
  const env: EnvEntry[] = all('env').flatMap(({ value }) => parseEnv(value) ?? []);
  for (const { source } of inputs) problems.push(...bucketProblems(source, 'source-params'));
  problems.push(...[...all('input'), ...all('publisher')].flatMap(droppedParts));
  problems.push(...bucketProblems(publisher, 'publisher-params'));
  const [image, ...parameters] = parsed.positional;
  imageProblems(image, parsed, at, problems);
  const workdir = last('workdir');
  if (workdir !== undefined && workdir.value !== '' && !workdir.value.startsWith('/') && !unknown(workdir)) {
    problems.push(
      line(
        workdir,
        `the working directory ${shown(workdir.value)} does not begin with /, and Bacalhau refuses every path that is not absolute`,
        'must contain absolute path',
      ),
    );
  }
  for (const given of parsed.flags) {
    const { start, end } = given.value.span;
    const isRefused = problems.some(
      ({ severity, at: { span } }) => severity === undefined && span.start >= start && span.end <= end,
    );
    if (!isRefused) problems.push(...eatenProblems(given, parsed));
  }
  const task: Task = {
    at,
    name: last('task-name') ?? { value: 'main', span: { start: at.span.start, end: at.span.start } },
    engine: {
      at,
      type: { value: 'docker', span: { start: at.span.start, end: at.span.start } },
      docker: {
        at,
        ...(image === undefined ? {} : { image: part(image, 0) }),
        ...optional('entrypoint', entrypointOf(all('entrypoint'))),
        ...optional('parameters', listOf(parameters.map(programWord))),
        environmentVariables: [],
        ...(workdir === undefined ? {} : { workingDirectory: workdir }),
      },
    },
    ...optional('publisher', publisher),
    env,
    inputs,
    resultPaths,
    resources: {
      ...optional('cpu', last('cpu')),
      ...optional('memory', last('memory')),
      ...optional('disk', last('disk')),
      ...optional('gpu', last('gpu')),
    },
    ...optional('network', networkOf(last('network'), all('domain'), problems)),
    timeouts: { ...optional('total', whole(last('timeout'))), ...optional('queue', whole(last('queue-timeout'))) },
  };
  const target = last('target');
  const isOps = target?.value.toLowerCase() === 'all';
  const job: Built = {
    ...optional('name', last('name')),
    ...optional('namespace', last('namespace')),
    type: { value: isOps ? 'ops' : 'batch', span: target?.span ?? at.span },
    ...optional('count', whole(last('count') ?? last('concurrency'))),
    constraints,
    labels,
    task,
  };
  return { job, problems };
}

function refusedValue(
  given: GivenFlag,
  { message, quote, replacement }: Extract<ParsedValue<unknown>, { ok: false }>,
  parsed: ParsedFlags,
): JobProblem {
  const terminal =
    given.word.value === '-it' ? '; Docker’s -it asks for a terminal, which a job does not have: leave it out' : '';
  const problem = line(given.value, withDashes(`${message}${terminal}`, given, parsed), quote);
  return replacement === undefined ? problem : { ...problem, replacement };
}

/** Says about the missing `--` when a flag behind the image was most likely meant for the program. */
function withDashes(message: string, given: GivenFlag, { dashes }: ParsedFlags): string {
  if (given.after === 0 || dashes !== undefined) return message;
  return `${message}; ${given.word.value} stands behind the image: write -- before the program if it is meant for it`;
}

/** Values that the flag parser itself refuses. */
function valueProblems(given: GivenFlag, parsed: ParsedFlags, release: string): JobProblem[] {
  const { spec, value, word } = given;
  const text = value.value;
  const refuse = (message: string, quote: string): JobProblem[] => [
    line(value, withDashes(message, given, parsed), quote),
  ];
  if (spec.name === 'help') return [line(word, withDashes(`${word.value} only prints the help`, given, parsed))];
  if (unknown(value)) return [];
  if (spec.type === 'int' && parseWhole(text) === undefined) {
    const seconds = spec.name.includes('timeout') ? ' of seconds' : '';
    return refuse(
      `--${spec.name} takes a whole number${seconds}, and Bacalhau refuses ${shown(text)}`,
      `strconv.ParseInt: parsing "${text}": invalid syntax`,
    );
  }
  if (spec.type === 'bool' && !/^(1|0|t|f|true|false|T|F|TRUE|FALSE|True|False)$/.test(text))
    return refuse(`--${spec.name} is true or false, and Bacalhau refuses ${shown(text)}`, 'invalid syntax');
  switch (spec.name) {
    case 'config':
      return isConfigValue(text) || compareReleases(release, '1.5.0') < 0
        ? []
        : [line(value, configMessage(given, parsed), `config key "${text.split('=', 1)[0] ?? ''}" is not valid`)];
    case 'env':
      return parseEnv(value) === undefined
        ? refuse(
            `the variable ${shown(text)} is not of the form NAME=value, and Bacalhau refuses it; it takes none over from your shell by name`,
            `${text} must be formatted as key=value`,
          )
        : [];
    case 'target':
      return /^(any|all)$/i.test(text)
        ? []
        : refuse(
            `--target is any or all, and Bacalhau refuses ${shown(text)}; it chooses no node by name`,
            `expecting "any" or "all", not "${text}"`,
          );
    case 'network':
      return /^(none|full|http|host|bridge|default)$/i.test(text.trim())
        ? []
        : refuse(
            `${shown(text)} is no network mode, and Bacalhau refuses it; there are none, default, bridge, host and http`,
            `models.Network: unknown type '${text}'`,
          );
    default:
      return [];
  }
}

function configMessage({ word, value, after }: GivenFlag, { dashes }: ParsedFlags): string {
  if (after === 0 || dashes !== undefined)
    return `${shown(value.value)} is no key of Bacalhau's configuration, which -c sets, and Bacalhau refuses the line`;
  return `Bacalhau takes ${word.value} for its own flag --config, and refuses the text behind it, which is no setting; write -- before the program: IMAGE -- sh -c '…'`;
}

/** Long flags that no program in a container has: also behind the program they are meant for Bacalhau. */
const BACALHAUS_OWN: ReadonlySet<string> = new Set([
  'wait',
  'wait-timeout-secs',
  'queue-timeout',
  'id-only',
  'node-details',
  'group-events',
]);

/** Whether a flag behind the program is meant for Bacalhau, by its name or by a value that only Bacalhau knows. */
function isBacalhausOwn({ word, spec, value }: GivenFlag): boolean {
  if (spec.name === 'input') return value.value.startsWith('ipfs://');
  if (!word.value.startsWith('--')) return false;
  if (spec.name === 'network') return /^(none|full|http|host|bridge|default)$/i.test(value.value);
  return BACALHAUS_OWN.has(spec.name);
}

/** Flags behind the image that Bacalhau takes without a word, although the program was most likely meant. */
function eatenProblems(given: GivenFlag, { dashes, positional }: ParsedFlags): JobProblem[] {
  const { word, spec, after } = given;
  if (after < 2 || dashes !== undefined || ['config', 'help'].includes(spec.name) || isBacalhausOwn(given)) return [];
  // The words before it are flags that a text editor broke, and no program.
  if (/^[\u2010-\u2015\u2212]/.test(positional[0]?.value ?? '')) return [];
  return [
    {
      ...line(
        word,
        `${word.value} stands behind the program, and Bacalhau takes it for its own flag --${spec.name}: the program does not get it; write -- before the program, or the flag before the image if Bacalhau is meant`,
      ),
      severity: 'warning',
      stage: 'results',
    },
  ];
}

function imageProblems(image: Word | undefined, parsed: ParsedFlags, at: Place, problems: JobProblem[]): void {
  if (parsed.refused !== undefined) return;
  if (image === undefined)
    problems.push(
      line(
        { span: { start: at.span.end, end: at.span.end } },
        'the line names no image, and Bacalhau refuses it; the image is the first word that is no flag',
        'requires at least 1 arg(s), only received 0',
      ),
    );
  else if (image.value === '')
    problems.push(
      line(
        image,
        'the image is an empty word, and Bacalhau refuses the line; a variable without a value leaves one',
        "invalid docker engine param: 'Image' cannot be empty",
      ),
    );
  const wait = parsed.flags.find(({ spec, value }) => spec.name === 'wait' && value.value === 'true');
  if (wait !== undefined && image !== undefined && /^(true|false)$/.test(image.value)) {
    problems.push({
      ...line(
        image,
        `${image.value} is taken for the image, because --wait takes no word behind it, and no node can pull that; write --wait=${image.value}`,
      ),
      stage: 'node',
      severity: 'error',
    });
  }
}

/** Options of a publisher of S3, and of inputs and publishers that have some (`cmd/util/opts`, release 1.9). */
const S3_PUBLISHER_OPTIONS = ['endpoint', 'region', 'encoding'];

/** What Bacalhau drops from an input or a publisher without a word: options, and what looks like the query of an address. */
function droppedParts({ spec, value }: GivenFlag): JobProblem[] {
  const text = value.value;
  const [, scheme = ''] = /^(?:(?:src|source)=)?(s3managed|s3|ipfs|https?|local)\b/i.exec(text) ?? [];
  const isS3 = scheme.toLowerCase() === 's3';
  if (scheme === '' || unknown(value)) return [];
  const problems: JobProblem[] = [];
  const dropped = (at: Located<string>, message: string): void => {
    problems.push({ ...line(at, message), severity: 'warning', stage: 'results' });
  };
  for (const [from, to] of csvFields(text)?.slice(1) ?? []) {
    const [, key] = /^opt(?:ion)?=([^=]+)=/i.exec(text.slice(from, to)) ?? [];
    if (key === undefined || (isS3 && (spec.name === 'input' || S3_PUBLISHER_OPTIONS.includes(key.toLowerCase()))))
      continue;
    const has = isS3 ? `has only the options ${S3_PUBLISHER_OPTIONS.join(', ')}` : 'has no options';
    dropped(part(value, from, to), `the option ${key} is ignored in silence: --${spec.name} ${scheme} ${has}`);
  }
  const address = /s3:\/\/[^/,]*\/([^?#,]*)([?#])[^,]*/i.exec(text);
  const [whole = '', key = '', sign = ''] = address ?? [];
  if (isS3 && address !== null) {
    const at = part(value, address.index + whole.indexOf(sign), address.index + whole.length);
    dropped(at, `the text behind the ${sign} is dropped without a word, so that the key is ${shown(key)}`);
  }
  return problems;
}

/** `s3:///key` and a bare `s3` are taken, with an empty bucket. */
function bucketProblems(typed: TypedParams | undefined, kind: 'source-params' | 'publisher-params'): JobProblem[] {
  const bucket = typed?.params.get('Bucket');
  if (typed === undefined || bucket?.value !== '') return [];
  const what = kind === 'source-params' ? 'the input' : 'the publisher';
  return [
    {
      kind,
      at: typed.at,
      message: `${what} names no bucket, which is written s3://bucket/key: ${kind === 'source-params' ? 'nodes refuse the job' : 'the results are not published'}`,
      quote: 'bucket cannot be empty',
    },
  ];
}

function selected(word: Word | undefined, problems: JobProblem[]): readonly Constraint[] {
  if (word === undefined || unknown(word)) return [];
  const selector = parseSelector(word);
  if (selector.ok) return selector.constraints;
  problems.push(line(word, selector.message, 'failed to parse node selector'));
  return [];
}

/** `k=v` or a bare `k`, in lists with commas. */
function labelsOf(given: readonly GivenFlag[], problems: JobProblem[]): EnvEntry[] {
  const labels: EnvEntry[] = [];
  for (const { value } of given) {
    for (const [from, to] of csvFields(value.value) ?? []) {
      const label = part(value, from, to);
      if (label.value === '' || unknown(label)) continue;
      if (isLabel(label.value)) {
        const equals = label.value.indexOf('=');
        const name = equals < 0 ? label.value : label.value.slice(0, equals);
        labels.push({
          name: { ...label, value: name },
          value: { ...label, value: equals < 0 ? '' : label.value.slice(equals + 1) },
        });
        continue;
      }
      problems.push(
        line(
          label,
          `${shown(label.value)} is no label, and Bacalhau refuses it: names and values are letters, digits, -, _ and ., with a letter or digit at both ends`,
          'received invalid job labels',
        ),
      );
    }
  }
  return labels;
}

/** Domains without a network mode, or with the default one, are dropped without a word (`BuildJobFromFlags`). */
function networkOf(mode: Word | undefined, domains: readonly GivenFlag[], problems: JobProblem[]): Network | undefined {
  if (mode === undefined || mode.value.trim().toLowerCase() === 'default') {
    for (const { value } of domains) {
      problems.push({
        ...line(value, `the domain ${value.value} is dropped without a word, because --network is not http`),
        severity: 'warning',
        stage: 'run',
      });
    }
    return mode === undefined ? undefined : { at: mode, type: part(mode, 0), domains: [], ports: [] };
  }
  return { at: mode, type: part(mode, 0), domains: domains.map(({ value }) => part(value, 0)), ports: [] };
}

/** `--entrypoint` is a list with commas; an empty one is none, unlike in Docker. */
function entrypointOf(given: readonly GivenFlag[]): LocatedList | undefined {
  return listOf(
    given.flatMap(({ value }) =>
      value.value === '' ? [] : (csvFields(value.value) ?? []).map(([from, to]) => part(value, from, to)),
    ),
  );
}

/** Texts for a shell keep `$NAME` as it was written: with it they read as shell texts still. */
function programWord(word: Word): Located<string> {
  const whole = part(word, 0);
  return /\s/.test(word.written) ? { ...whole, value: word.written } : whole;
}

function listOf(words: readonly Located<string>[]): LocatedList | undefined {
  const [first] = words;
  const end = words.at(-1)?.span.end;
  if (first === undefined || end === undefined) return undefined;
  return { items: words, span: { start: first.span.start, end } };
}

function whole(word: Word | undefined): Located<number> | undefined {
  const value = word === undefined ? undefined : parseWhole(word.value);
  return word === undefined || value === undefined ? undefined : { value, span: word.span };
}

/** `{[key]: value}`, or nothing when there is no value. */
function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  const object: Partial<Record<K, V>> = {};
  if (value !== undefined) object[key] = value;
  return object;
}
