import { valueToFile } from '../text/align.js';
import type { Located, Place, SourceText } from '../text/source.js';
import type { InputSource, TypedParams } from './job-spec.js';

/** The source types that nodes have, lower case. `localdirectory` is the older name of `local`. */
export type SourceType = 'ipfs' | 'urldownload' | 's3' | 'local' | 'localdirectory' | 'inline';

const SOURCE_TYPES: ReadonlySet<string> = new Set<SourceType>([
  'ipfs',
  'urldownload',
  's3',
  'local',
  'localdirectory',
  'inline',
]);

/** Gives the type of an input's source; undefined for one that no node has (`pkg/executor/util/utils.go`). */
export function sourceType(input: InputSource): SourceType | undefined {
  const name = input.source?.type?.value.trim().toLowerCase() ?? '';
  return isSourceType(name) ? name : undefined;
}

function isSourceType(name: string): name is SourceType {
  return SOURCE_TYPES.has(name);
}

/** Gives a parameter that holds a text which is not empty. */
export function textParam(params: TypedParams | undefined, name: string): Located<string> | undefined {
  const param = params?.params.get(name);
  if (param === undefined || typeof param.value !== 'string' || param.value === '') return undefined;
  return { ...param, value: param.value };
}

/** Gives the place of a part of a value: `start` and `end` are offsets in it. */
export function placeOfPart(source: SourceText, value: Located<string>, start: number, end: number): Place {
  const span = valueToFile(source, value.span, value.value)(start, end);
  return value.pointer === undefined ? { span } : { span, pointer: value.pointer };
}
