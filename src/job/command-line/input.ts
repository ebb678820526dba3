import { own } from '../../text/own.js';
import type { Located } from '../../text/source.js';
import { urlProblem, whyMalformed } from '../go-url.js';
import type { InputSource, ParamValue } from '../job-spec.js';
import { shown, unknown } from '../problem.js';
import { cut, part, type Word } from './words.js';

export type ParsedValue<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly quote: string; readonly replacement?: string };

/** Splits a text into the fields of one CSV record, as offsets into it; undefined when quotes do not match. */
export function csvFields(text: string): [from: number, to: number][] | undefined {
  const fields: [number, number][] = [];
  let from = 0;
  while (from <= text.length) {
    if (text[from] === '"') {
      const close = text.indexOf('"', from + 1);
      if (close < 0 || (close + 1 < text.length && text[close + 1] !== ',')) return undefined;
      fields.push([from + 1, close]);
      from = close + 2;
      if (close + 1 >= text.length) break;
      continue;
    }
    const comma = text.indexOf(',', from);
    const to = comma < 0 ? text.length : comma;
    if (text.slice(from, to).includes('"') && !text.slice(from, to).includes('=')) return undefined;
    fields.push([from, to]);
    if (comma < 0) break;
    from = comma + 1;
  }
  return fields;
}

/** The default mount point of `--input`. */
const DEFAULT_TARGET = '/inputs';

interface Parts {
  source?: Word;
  target?: Located<string>;
  readonly options: { readonly key: string; readonly value: Located<string> }[];
}

/** Reads the value of `--input` (`cmd/util/opts/storage_specconfig.go`, release 1.9). */
export function parseInput(word: Word, index: number): ParsedValue<InputSource> {
  const text = word.value;
  const fields = text === '' ? undefined : csvFields(text);
  if (fields === undefined)
    return fail(
      `the input ${text === '' ? 'is empty' : `${shown(text)} has quotes that do not match`}, and Bacalhau refuses it`,
      text === '' ? 'EOF' : 'parse error',
    );
  const parts: Parts = { options: [] };
  for (const [i, [from, to]] of fields.entries()) {
    const wrong = readField(word, from, to, i === 0, parts);
    if (wrong !== undefined) return wrong;
  }
  if (parts.source === undefined)
    return fail(
      `the input ${shown(text)} names no source, and Bacalhau refuses it; a source is written src=ipfs://…`,
      'unknown storage schema: ',
    );
  return sourceOf(word, parts.source, parts, index);
}

function readField(
  word: Word,
  from: number,
  to: number,
  first: boolean,
  parts: Parts,
): ParsedValue<InputSource> | undefined {
  const field = word.value.slice(from, to);
  const equals = field.indexOf('=');
  if (equals < 0) {
    if (!first) {
      const hint = field.startsWith('/')
        ? `; a path in the container is written dst=${field}`
        : /^https?:/.test(parts.source?.value ?? '')
          ? `; an address with a comma stands in quotes of its own: '"src=${parts.source?.value ?? ''},${field}",dst=/inputs'`
          : '';
      return fail(
        `${shown(field)} in the input has no key, and Bacalhau refuses it${hint}`,
        `invalid storage option: ${field}`,
      );
    }
    splitTarget(word, from, to, parts);
    return undefined;
  }
  const value = unquoted(word, from + equals + 1, to);
  switch (field.slice(0, equals).toLowerCase()) {
    case 'source':
    case 'src':
      parts.source = value;
      return undefined;
    case 'target':
    case 'dst':
    case 'destination':
      parts.target = part(value, 0);
      return undefined;
    case 'opt':
    case 'option': {
      const at = value.value.indexOf('=');
      if (at < 0)
        return fail(
          `the option ${shown(value.value)} of the input has no value, and Bacalhau refuses it`,
          `invalid storage option: ${value.value}`,
        );
      parts.options.push({ key: value.value.slice(0, at), value: part(value, at + 1) });
      return undefined;
    }
    default:
      return unexpectedKey(field, field.slice(0, equals), first);
  }
}

function unexpectedKey(field: string, key: string, first: boolean): ParsedValue<InputSource> {
  const quote = `unexpected key ${key} in field ${field}`;
  if (first && /^[a-z0-9]+:\/\//i.test(field)) {
    return fail(
      `the = in ${shown(field)} is taken for the end of a key that Bacalhau refuses; an address with = is written src=${field},dst=/inputs`,
      quote,
      `src=${field},dst=/inputs`,
    );
  }
  const isOption = /^(region|endpoint|filter|version-?id|version_id)$/i.test(key);
  const hint = isOption ? `; an option is written opt=${field}` : '; keys are src, dst and opt';
  return fail(`${shown(key)} is no key of an input, and Bacalhau refuses it${hint}`, quote);
}

/** `source[:target]`, split at the last colon behind the scheme. */
function splitTarget(word: Word, from: number, to: number, parts: Parts): void {
  const field = word.value.slice(from, to);
  const scheme = field.indexOf('://');
  const colon = field.lastIndexOf(':');
  if (colon > (scheme < 0 ? -1 : scheme)) {
    parts.source = unquoted(word, from, from + colon);
    parts.target = part(unquoted(word, from + colon + 1, to), 0);
  } else parts.source = unquoted(word, from, to);
}

/** Quotes around a value are trimmed. */
function unquoted(word: Word, from: number, to: number): Word {
  let [start, end] = [from, to];
  while (start < end && /["']/.test(word.value[start] ?? '')) start++;
  while (end > start && /["']/.test(word.value[end - 1] ?? '')) end--;
  return cut(word, start, end);
}

function sourceOf(word: Word, source: Word, { target, options }: Parts, index: number): ParsedValue<InputSource> {
  const text = source.value;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1];
  const bare = /^(ipfs|file)$/.exec(text)?.[1]; // `ipfs:CID`: the colon was taken for the one before the target
  const name = (scheme ?? bare ?? '').toLowerCase();
  const input = (
    type: string,
    params: Map<string, Located<ParamValue>>,
    dropped?: Located<string>,
    place: Located<string> = target ?? { value: DEFAULT_TARGET, span: word.span },
  ): ParsedValue<InputSource> => ({
    ok: true,
    value: {
      at: word,
      index,
      source: {
        at: source,
        type: { value: type, span: { start: source.span.start, end: source.span.start + (scheme ?? '').length } },
        params,
      },
      // A scheme in another case is not seen, and Bacalhau puts its own in front.
      alias: {
        ...part(source, 0),
        value: type === 'ipfs' && scheme !== undefined && scheme !== 'ipfs' ? `ipfs://${text}` : text,
      },
      target: place,
      ...(dropped === undefined ? {} : { droppedPath: dropped }),
    },
  });
  const behind = text.startsWith(`${name}://`) ? name.length + 3 : 0;
  // It may hold the target too.
  if (scheme === undefined && unknown(source)) return input(text, new Map(), undefined, target ?? part(source, 0));
  const malformed = unknown(source) ? undefined : urlProblem(text);
  if (malformed !== undefined)
    return fail(
      `the input ${shown(text)} is no address, and Bacalhau refuses it: ${whyMalformed(malformed)}`,
      `parse "${text}"`,
    );
  switch (name) {
    case 'ipfs': {
      const slash = text.indexOf('/', behind);
      const end =
        slash < 0 || behind === 0 ? (behind === 0 && scheme !== undefined ? text.indexOf('/') : text.length) : slash;
      const cid = part(source, behind, end < 0 ? text.length : end);
      // A CID with the colon of a target behind src= is refused by every node: what follows is no path that is dropped.
      const isPath = behind > 0 && slash >= 0 && slash + 1 < text.length && !cid.value.endsWith(':');
      const dropped = isPath ? part(source, slash) : undefined;
      return input('ipfs', new Map([['CID', cid]]), dropped);
    }
    case 'http':
    case 'https':
      return urlInput(source, target, (url) => input('urlDownload', new Map([['URL', url]])));
    case 's3':
      return s3Input(source, options, (params) => input('s3', params));
    case 'file':
      return fileInput(source, options, behind, (params) => input('local', params));
    case 'git':
    case 'gitlfs':
      return fail(
        `Bacalhau refuses the input, which cannot be a ${name} repository; give the files as an input of another kind, or clone in the job`,
        `unsupported type: ${name}`,
      );
    default:
      return unknownScheme(text, name);
  }
}

function unknownScheme(text: string, name: string): ParsedValue<InputSource> {
  if (/^(Qm[1-9A-HJ-NP-Za-km-z]{44}|b[a-z2-7]{58})/.test(text)) {
    return fail(
      `the input ${shown(text)} has no scheme, and Bacalhau refuses it; a CID is written ipfs://…`,
      `unknown storage schema: ${name}`,
      `ipfs://${text}`,
    );
  }
  if (name !== '') {
    return fail(
      `Bacalhau refuses the input, because it knows no ${name}://; it knows ipfs://, https://, http://, s3:// and file://`,
      `unknown storage schema: ${name}`,
    );
  }
  const hint = /^[./~$]/.test(text)
    ? '; a path of your own machine cannot be mounted: upload it first, or name a path of the nodes as file:///path'
    : '';
  return fail(
    `the input ${shown(text)} has no scheme such as ipfs://, https:// or s3://, and Bacalhau refuses it${hint}`,
    'unknown storage schema: ',
  );
}

function urlInput(
  source: Word,
  target: Located<string> | undefined,
  input: (url: Located<string>) => ParsedValue<InputSource>,
): ParsedValue<InputSource> {
  const text = source.value;
  const rest = text.slice(text.indexOf('://') + 3);
  if (!rest.includes('/') && text === text.toLowerCase().slice(0, 4) + text.slice(4)) {
    const isPort = /^\d+(?:\/|$)/.test(target?.value ?? '');
    const message = isPort
      ? `the last colon of the address divides it from the target, so that ${shown(text)} names no file, and Bacalhau refuses it; write src=${text}:${target?.value ?? ''},dst=/inputs`
      : `the address ${shown(text)} names no file, and Bacalhau refuses it; only single files can be downloaded`;
    return fail(message, 'URL must end with a file name');
  }
  return input(part(source, 0));
}

const S3_OPTIONS: Readonly<Record<string, string>> = {
  endpoint: 'Endpoint',
  region: 'Region',
  versionID: 'VersionID',
  'version-id': 'VersionID',
  version_id: 'VersionID',
  'checksum-256': 'ChecksumSHA256',
  checksum256: 'ChecksumSHA256',
  checksum_256: 'ChecksumSHA256',
  filter: 'Filter',
};

function s3Input(
  source: Word,
  options: Parts['options'],
  input: (params: Map<string, Located<ParamValue>>) => ParsedValue<InputSource>,
): ParsedValue<InputSource> {
  const { bucket, key } = s3Address(source);
  const params = new Map<string, Located<ParamValue>>([
    ['Bucket', bucket],
    ['Key', key],
  ]);
  for (const option of options) {
    const name = own(S3_OPTIONS, option.key);
    if (name === undefined)
      return fail(
        `an s3 input has no option ${shown(option.key)}, and Bacalhau refuses it; the options are ${Object.keys(S3_OPTIONS).join(', ')}`,
        `unknown option "${option.key}" for storage s3`,
      );
    params.set(name, option.value);
  }
  return input(params);
}

/** Bucket and key of an `s3://` address; what looks like a query or a fragment is cut off, and %20 is a blank. */
export function s3Address(source: Word): { bucket: Located<string>; key: Located<string> } {
  const text = source.value;
  const from = text.indexOf('://') + 3;
  const slash = text.indexOf('/', from);
  const bucketEnd = slash < 0 ? text.length : slash;
  const rest = text.slice(bucketEnd);
  const cutAt = rest.search(/[?#]/);
  const keyEnd = cutAt < 0 ? text.length : bucketEnd + cutAt;
  let keyStart = bucketEnd;
  while (keyStart < keyEnd && text[keyStart] === '/') keyStart++;
  const key = part(source, keyStart, keyEnd);
  return { bucket: part(source, from, bucketEnd), key: { ...key, value: decoded(key.value) } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

function fileInput(
  source: Word,
  options: Parts['options'],
  behind: number,
  input: (params: Map<string, Located<ParamValue>>) => ParsedValue<InputSource>,
): ParsedValue<InputSource> {
  const path = part(source, behind);
  const params = new Map<string, Located<ParamValue>>([
    ['SourcePath', { ...path, value: path.value.replace(/^\.\//, '') }],
  ]);
  for (const { key, value } of options) {
    if (!/^(rw|read-write|read_write|readwrite)$/.test(key))
      return fail(
        `a file input has no option ${shown(key)}, and Bacalhau refuses it; the option is rw=true`,
        `unknown option "${key}" for storage local`,
      );
    if (!TRUE.includes(value.value) && !FALSE.includes(value.value))
      return fail(`the option ${key} is true or false, and Bacalhau refuses ${shown(value.value)}`, 'invalid syntax');
    params.set('ReadWrite', { ...value, value: TRUE.includes(value.value) });
  }
  return input(params);
}

function fail(
  message: string,
  quote: string,
  replacement?: string,
): { ok: false; message: string; quote: string; replacement?: string } {
  return { ok: false, message, quote, ...(replacement === undefined ? {} : { replacement }) };
}
