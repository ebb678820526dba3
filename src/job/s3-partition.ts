import { isGoLayout } from '../text/go-date/go-date.js';
import type { TypedParams } from './job-spec.js';
import { shown } from './problem.js';

/** How the executions of a job share the objects of an S3 input (`pkg/s3/partitioning.go`, since 1.6.1). */
export type S3Partition =
  /** Every execution takes all. */
  | { readonly by: 'none' }
  /** By the whole key. */
  | { readonly by: 'object' }
  /** By what a regular expression of Go finds in the key after the prefix. */
  | { readonly by: 'regex'; readonly pattern: string }
  /** By characters of the key after the prefix. */
  | { readonly by: 'substring'; readonly start: number; readonly end: number }
  /** By a date at the beginning of the key after the prefix. */
  | { readonly by: 'date'; readonly layout: string };

/** The parameters as a node has them: what is not given is empty, or 0. */
export interface PartitionParams {
  readonly Type: string;
  readonly Pattern: string;
  readonly StartIndex: number;
  readonly EndIndex: number;
  readonly DateFormat: string;
}

/** Why a node refuses a Partition: half a sentence, and the parameter it is about where one is written. */
export interface PartitionFault {
  readonly key?: keyof PartitionParams;
  readonly message: string;
}

/**
 * Reads the parameters of a Partition. Whether the Pattern compiles is left to who has Go's regular expressions; the
 * name of the type is compared with case.
 */
export function readPartition(params: PartitionParams): S3Partition | PartitionFault {
  const { Type, Pattern, StartIndex, EndIndex, DateFormat } = params;
  switch (Type) {
    case '':
    case 'none':
      return { by: 'none' };
    case 'object':
      return { by: 'object' };
    case 'regex':
      if (Pattern === '') return { message: 'a Partition of type regex needs a Pattern' };
      return { by: 'regex', pattern: Pattern };
    case 'substring':
      if (StartIndex < 0) return { message: 'StartIndex of this Partition is negative' };
      if (EndIndex <= StartIndex) return { message: 'EndIndex of this Partition is not greater than StartIndex' };
      return { by: 'substring', start: StartIndex, end: EndIndex };
    case 'date':
      if (DateFormat === '') return { message: 'a Partition of type date needs a DateFormat' };
      if (!isGoLayout(DateFormat)) {
        return { key: 'DateFormat', message: `the DateFormat ${shown(DateFormat)} cannot read what it writes` };
      }
      return { by: 'date', layout: DateFormat };
    default:
      return {
        key: 'Type',
        message: `${shown(Type)} is no type of Partition (none, object, regex, substring or date)`,
      };
  }
}

/**
 * Reads the Partition of an S3 source.
 *
 * @returns why a node refuses it, where it does
 */
export function s3Partition(source: TypedParams | undefined): S3Partition | PartitionFault {
  const value = source?.params.get('Partition')?.value ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) return { message: 'Partition is no mapping' };
  // As a node finds them: without case, null as absent.
  const given = new Map(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([key, each]): [string, unknown] => [key.toLowerCase(), each]),
  );
  const wrong: PartitionFault[] = [];
  const text = (key: keyof PartitionParams): string => {
    const found = given.get(key.toLowerCase()) ?? '';
    if (typeof found === 'string') return found;
    wrong.push({ key, message: `${key} of this Partition is no text` });
    return '';
  };
  const number = (key: keyof PartitionParams): number => {
    const found = given.get(key.toLowerCase()) ?? 0;
    if (typeof found === 'number') return Math.trunc(found);
    wrong.push({ key, message: `${key} of this Partition is no number` });
    return 0;
  };
  const read = readPartition({
    Type: text('Type'),
    Pattern: text('Pattern'),
    StartIndex: number('StartIndex'),
    EndIndex: number('EndIndex'),
    DateFormat: text('DateFormat'),
  });
  return wrong[0] ?? read;
}
