import { own } from '../../text/own.js';
import type { Located } from '../../text/source.js';
import type { EnvEntry, ParamValue, ResultPath, TypedParams } from '../job-spec.js';
import { shown, unknown } from '../problem.js';
import { csvFields, s3Address, type ParsedValue } from './input.js';
import { cut, part, type Word } from './words.js';

/** Reads the value of `--output`: `name:/path`, exactly one colon. */
export function parseOutput(word: Word): ParsedValue<ResultPath> {
  const [name, path, ...more] = word.value.split(':');
  if (name === undefined || path === undefined || name === '' || path === '' || more.length > 0) {
    if (unknown(word)) return { ok: true, value: { at: word, name: part(word, 0), path: part(word, 0) } };
    const meant = word.value.startsWith('/') && path === undefined ? `; write outputs:${word.value}` : '';
    return {
      ok: false,
      message: `the output ${shown(word.value)} is not of the form name:/path, and Bacalhau refuses it${meant}`,
      quote: `invalid output volume: ${word.value}`,
    };
  }
  return { ok: true, value: { at: word, name: part(word, 0, name.length), path: part(word, name.length + 1) } };
}

/** Reads the value of `--publisher` (`cmd/util/opts/publisher_specconfig.go`, release 1.9). */
export function parsePublisher(word: Word): ParsedValue<TypedParams> {
  const text = word.value;
  const [[from, to] = [0, text.length], ...options] = csvFields(text) ?? [];
  const source = cut(word, from, to);
  const name = /^[^:]*/.exec(source.value)?.[0] ?? '';
  const typed = (params: Map<string, Located<ParamValue>>): ParsedValue<TypedParams> => ({
    ok: true,
    value: { at: word, type: part(source, 0, name.length), params },
  });
  switch (name) {
    case 'ipfs':
    case 'local':
    case 's3managed':
      return typed(new Map());
    case 's3':
      return typed(s3Publisher(word, source, options));
    default: {
      if (unknown(source)) return typed(new Map());
      const hint = /^\d/.test(name)
        ? '; -p is the publisher here, and ports cannot be given on the command line'
        : '; there are ipfs, s3://bucket/key, s3managed and local';
      return {
        ok: false,
        message:
          text === ''
            ? 'the publisher is an empty word, and Bacalhau refuses it'
            : `the publisher ${shown(text)} is none that Bacalhau has, and it refuses the line${hint}`,
        quote: `unknown publisher type: ${name}`,
      };
    }
  }
}

const PUBLISHER_OPTIONS = { endpoint: 'Endpoint', region: 'Region', encoding: 'Encoding' };

function s3Publisher(word: Word, source: Word, options: readonly [number, number][]): Map<string, Located<ParamValue>> {
  const params = new Map<string, Located<ParamValue>>();
  if (source.value.includes('://')) {
    const { bucket, key } = s3Address(source);
    params.set('Bucket', bucket).set('Key', key);
  } else params.set('Bucket', { value: '', span: source.span }).set('Key', part(source, 0));
  for (const [from, to] of options) {
    const match = /^opt(?:ion)?=([^=]+)=(.*)$/i.exec(word.value.slice(from, to));
    const [, key = '', value = ''] = match ?? [];
    const name = own(PUBLISHER_OPTIONS, key.toLowerCase()) ?? key;
    if (match !== null) params.set(name, part(word, to - value.length, to));
  }
  return params;
}

/**
 * Reads the value of `--env`: one `KEY=value`, or with more than one `=` a list of them with commas
 * (pflag's map of texts). Undefined when a part has no `=`.
 */
export function parseEnv(word: Word): EnvEntry[] | undefined {
  const text = word.value;
  const count = text.split('=').length - 1;
  if (count === 0) return undefined;
  const ranges = count === 1 ? [[0, text.length] as [number, number]] : csvFields(text);
  if (ranges === undefined) return undefined;
  const entries: EnvEntry[] = [];
  for (const [from, to] of ranges) {
    const equals = text.indexOf('=', from);
    if (equals < 0 || equals >= to) return undefined;
    entries.push({ name: part(word, from, equals), value: part(word, equals + 1, to) });
  }
  return entries;
}

/** Whether a text is a whole number as Go reads it with base 0: `10`, `0x1f`, `1_000`. */
export function parseWhole(text: string): number | undefined {
  const digits = text.replaceAll('_', '');
  if (/^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/.test(digits)) {
    const negative = digits.startsWith('-');
    const body = digits.replace(/^[-+]/, '').replace(/^0(?=[0-7])/, '0o');
    return (negative ? -1 : 1) * Number(body);
  }
  return undefined;
}

/** First parts of the keys of Bacalhau's configuration, in lower case: what `--config KEY=VALUE` may name. */
const CONFIG_ROOTS = new Set([
  'api',
  'compute',
  'datadir',
  'disableanalytics',
  'engines',
  'featureflags',
  'inputsources',
  'jobadmissioncontrol',
  'jobdefaults',
  'labels',
  'logging',
  'nameprovider',
  'orchestrator',
  'publishers',
  'resultdownloaders',
  'strictversionmatch',
  'updateconfig',
  'webui',
]);

/** Whether `--config` takes a text: a key of the configuration, with a value or not, or the name of a file. */
export function isConfigValue(text: string): boolean {
  const key = text.split('=', 1)[0] ?? '';
  if (/\.(ya?ml|json)$/i.test(text) && !text.includes(' ')) return true;
  return CONFIG_ROOTS.has((key.split('.', 1)[0] ?? '').toLowerCase());
}
