import { hasOption, valuesOf, type Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import { hostFrom } from './environment.js';
import { hostOfUrl, isUrl, knownHost } from './hosts.js';
import {
  always,
  subs,
  type Contact,
  type Environment,
  type PathGiven,
  type Program,
  type ProgramTable,
} from './program.js';

/** Whether an operand names something in a bucket: `s3://…`, `store:bucket/key`. */
function isBucket({ text }: Word): boolean {
  return isUrl(text) || (/^[\w-]+:/.test(text) && !text.startsWith('/'));
}

/** `mc` names a store by its alias: `store/bucket/key`. */
function isAlias({ text }: Word): boolean {
  return !/^[./]/.test(text);
}

interface Copying extends Omit<Program, 'contacts' | 'paths'> {
  readonly isElsewhere?: (word: Word) => boolean;
  /** It copies between folders as well. */
  readonly localToo?: true;
  readonly family?: string;
}

/** Storage commands that copy between a bucket and files: what is no address is a path, the last one is written. */
function copies({ isElsewhere = isBucket, localToo, family, ...program }: Copying = {}): Program {
  return {
    ...program,
    contacts: (args, word, environment) => {
      const address = args.operands.find(isElsewhere);
      if (address === undefined && localToo === true) return [];
      const does = address === undefined ? 'uses object storage' : `uses ${address.text}`;
      return [{ word: address ?? word, does, ...endpoint(args, environment, family, address) }];
    },
    paths: ({ operands }) => pathsBeside(operands, isElsewhere),
  };
}

/** The host of object storage, when the command or its environment names one; else the provider's. */
function endpoint(
  args: Arguments,
  environment: Environment,
  family: string | undefined,
  address?: Word,
): Pick<Contact, 'host'> {
  const given = valuesOf(args, '--endpoint-url --endpoint --host').at(-1);
  if (given !== undefined) return knownHost(hostOfUrl(given.text));
  if (address !== undefined && isUrl(address.text) && hostOfUrl(address.text) !== undefined) {
    return knownHost(hostOfUrl(address.text));
  }
  const set = family === undefined ? undefined : hostFrom(environment, family);
  return set === undefined || set === '…' ? {} : { host: set };
}

/** The operands that are paths: read, or written when they come last of several. */
export function pathsBeside(operands: readonly Word[], isElsewhere: (word: Word) => boolean): PathGiven[] {
  return operands.flatMap((word, index): PathGiven[] => {
    if (isElsewhere(word)) return [];
    return [{ role: index > 0 && index === operands.length - 1 ? 'write' : 'read', word }];
  });
}

const AWS = '--region --profile --endpoint-url --output --query --exclude --include --storage-class --acl';
const RCLONE =
  '--config --transfers --checkers --include --exclude --bwlimit --max-depth --filter --filter-from --log-file --retries';
const NAMES = 'cp sync ls mv rm rsync cat stat du copy move lsd lsf lsl copyto moveto hash-check check';
const AZ_VALUES =
  '-c --container-name -n --name --account-name --account-key --sas-token -s --pattern --connection-string --auth-mode';
const AZ: Omit<Program, 'reads' | 'writes'> = { values: AZ_VALUES, ...always('uses Azure storage') };

/** Any other command of the AWS client. */
function awsService(args: Arguments, word: Word, environment: Environment): Contact[] {
  if (args.operands.length === 0) return [];
  return [{ word, does: 'calls an AWS service', ...endpoint(args, environment, 'aws') }];
}

export const BUCKETS: ProgramTable = {
  aws: {
    values: AWS,
    sub: {
      s3: { sub: subs('cp sync ls mv rm mb rb presign', copies({ values: AWS, family: 'aws' })) },
      configure: {},
      help: {},
      '*': { values: AWS, contacts: awsService },
    },
  },
  gsutil: {
    values: '-o -h',
    sub: { '*': copies({ localToo: true }), ...subs('ls mb rb du stat', copies()), version: {}, help: {} },
  },
  gcloud: {
    reads: '--key-file',
    values: '--project --account --format --region --zone',
    sub: {
      storage: { sub: subs(NAMES, copies()) },
      config: {},
      info: {},
      version: {},
      auth: {
        sub: {
          'activate-service-account': always('logs in', { reads: '--key-file' }),
          login: always('logs in'),
        },
      },
      '*': always('calls a Google service'),
    },
  },
  bq: { sub: { '*': always('calls BigQuery', { usual: ['bigquery.googleapis.com'] }) } },
  az: {
    sub: {
      login: always('logs in'),
      storage: {
        sub: {
          blob: {
            sub: {
              upload: { ...AZ, reads: '-f --file' },
              download: { ...AZ, writes: '-f --file' },
              'upload-batch': { ...AZ, reads: '-s --source', values: `${AZ_VALUES} -d --destination` },
              'download-batch': { ...AZ, writes: '-d --destination', values: `${AZ_VALUES} -s --source` },
              '*': AZ,
            },
          },
          '*': AZ,
        },
      },
    },
  },
  azcopy: { sub: { ...subs('copy cp sync', copies({ localToo: true })), list: copies() } },
  rclone: { values: RCLONE, sub: { ...subs(NAMES, copies({ values: RCLONE, localToo: true })), config: {} } },
  s5cmd: { values: '--endpoint-url --profile --numworkers', sub: subs(NAMES, copies({ family: 's5cmd' })) },
  s3cmd: {
    values: '-c --config --host --access_key --secret_key',
    sub: subs('get put sync ls del cp mv info', copies()),
  },
  mc: {
    sub: {
      alias: {
        sub: {
          set: {
            contacts: ({ operands }) =>
              operands
                .slice(1, 2)
                .map((word) => ({ word, does: `connects to ${word.text}`, ...knownHost(hostOfUrl(word.text)) })),
          },
        },
      },
      ...subs('cp mirror mv cat ls rm stat', copies({ isElsewhere: isAlias, localToo: true })),
    },
  },
  'ipfs kubo': {
    usesProxy: false,
    sub: {
      ...subs('get cat', {
        writes: '-o --output',
        contacts: ({ operands }) => operands.slice(0, 1).map((word) => ({ word, does: `fetches ${word.text}` })),
      }),
      add: {
        operands: 'read',
        contacts: (args, word) => (hasOption(args, '-n --only-hash') ? [] : [{ word, does: 'talks to an IPFS node' }]),
      },
    },
  },
};
