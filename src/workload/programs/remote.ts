import { valuesOf, type Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import { hostOfAuthority, hostOfUrl, isRemotePath, isUrl, knownHost } from './hosts.js';
import { installs } from './packages.js';
import type { Contact, PathGiven, Program, ProgramTable } from './program.js';

/** Storage commands that copy between a bucket and files: what is no address is a path, the last one is written. */
function copiesWithBucket(program: Omit<Program, 'contacts' | 'paths'> = {}): Program {
  return {
    ...program,
    contacts: (args, word) => {
      const endpoint = valuesOf(args, '--endpoint-url').at(-1);
      const address = args.operands.find(isBucket) ?? word;
      const does = isBucket(address) ? `uses ${address.text}` : 'uses object storage';
      return [{ word: address, does, ...knownHost(endpoint === undefined ? undefined : hostOfUrl(endpoint.text)) }];
    },
    paths: ({ operands }) => pathsBeside(operands, isBucket),
  };
}

function isBucket({ text }: Word): boolean {
  return isUrl(text) || (/^[\w-]+:/.test(text) && !text.startsWith('/'));
}

/** The operands that are paths: read, or written when they come last of several. */
function pathsBeside(operands: readonly Word[], isElsewhere: (word: Word) => boolean): PathGiven[] {
  return operands.flatMap((word, index): PathGiven[] => {
    if (isElsewhere(word)) return [];
    return [{ role: index > 0 && index === operands.length - 1 ? 'write' : 'read', word }];
  });
}

/** `scp`, `rsync`: operands of the form `host:path` are on another host. */
const remoteCopy: Omit<Program, 'values'> = {
  usesProxy: false,
  contacts: ({ operands }) => operands.filter(isElsewhere).slice(0, 1).map(contactRemote),
  paths: ({ operands }) => pathsBeside(operands, isElsewhere),
};

function isElsewhere({ text }: Word): boolean {
  return isUrl(text) || isRemotePath(text);
}

function contactRemote(word: Word): Contact {
  const host = isUrl(word.text) ? hostOfUrl(word.text) : hostOfAuthority(word.text.replace(/:.*/, ''));
  return { word, does: `connects to ${host ?? word.text}`, ...knownHost(host) };
}

/** Programs whose first operand is the host. */
function firstOperandIsHost(values: string, does = 'connects to'): Program {
  return {
    values,
    usesProxy: false,
    contacts: ({ operands }) =>
      operands.slice(0, 1).map((word) => ({
        word,
        does: `${does} ${word.text}`,
        ...knownHost(isUrl(word.text) ? hostOfUrl(word.text) : hostOfAuthority(word.text)),
      })),
  };
}

/** Database clients: a host by option or an address; without both they stay on their own host. */
function client(hostOptions: string, values: string, more: Omit<Program, 'contacts' | 'values'> = {}): Program {
  return {
    ...more,
    usesProxy: false,
    values: `${hostOptions} ${values}`,
    contacts: (args) => clientHosts(args, hostOptions),
  };
}

function clientHosts(args: Arguments, hostOptions: string): Contact[] {
  const hosts = valuesOf(args, hostOptions).filter(({ text }) => !text.startsWith('/'));
  const given = hosts.length > 0 ? hosts : args.operands.filter(({ text }) => isUrl(text));
  return given.map((word) => {
    const host = isUrl(word.text) ? hostOfUrl(word.text) : hostOfAuthority(word.text);
    return { word, does: `connects to ${host ?? 'a database'}`, ...knownHost(host) };
  });
}

const AWS_VALUES = '--region --profile --endpoint-url --output --query --exclude --include --storage-class --acl';
const HUB: Program = {
  values: '--repo-type --revision --token --include --exclude',
  sub: {
    download: {
      values: '--repo-type --revision --token --include --exclude',
      writes: '--local-dir --cache-dir',
      contacts: ({ operands }, word) => [
        { word: operands[0] ?? word, does: `downloads ${operands[0]?.text ?? 'a repository'}`, host: 'huggingface.co' },
      ],
    },
    upload: { contacts: (_args, word) => [{ word, does: 'uploads to Hugging Face', host: 'huggingface.co' }] },
  },
};

const BUCKET_SUBS = Object.fromEntries(
  'cp sync ls mv rm rsync cat stat du copy move lsd lsf lsl copyto hash-check'
    .split(' ')
    .map((sub) => [sub, copiesWithBucket()]),
);

export const REMOTE: ProgramTable = {
  aws: {
    values: AWS_VALUES,
    sub: {
      s3: {
        sub: Object.fromEntries(
          'cp sync ls mv rm mb presign'.split(' ').map((sub) => [sub, copiesWithBucket({ values: AWS_VALUES })]),
        ),
      },
      configure: {},
      help: {},
      '*': { values: AWS_VALUES, contacts: awsService },
    },
  },
  gsutil: { values: '-o -h', sub: BUCKET_SUBS },
  gcloud: { sub: { storage: { sub: BUCKET_SUBS } } },
  az: {
    sub: {
      storage: {
        sub: {
          '*': {
            values: '-c --container-name -n --name --account-name --account-key --sas-token -d -s --pattern',
            reads: '--source',
            writes: '-f --file --destination',
            contacts: (_args, word) => [{ word, does: 'uses Azure storage' }],
          },
        },
      },
    },
  },
  rclone: { values: '--config', sub: BUCKET_SUBS },
  s5cmd: { values: '--endpoint-url --profile --numworkers', sub: BUCKET_SUBS },
  'huggingface-cli hf': HUB,
  kaggle: {
    sub: {
      datasets: {
        sub: { download: installs('downloads a data set', { values: '-f -d', writes: '-p --path', named: true }) },
      },
      competitions: { sub: { download: installs('downloads a data set', { values: '-f', writes: '-p --path' }) } },
    },
  },
  dvc: { sub: { pull: installs('pulls data'), push: installs('pushes data'), fetch: installs('fetches data') } },
  ssh: firstOperandIsHost('-i -p -o -l -L -R -D -F -J -c -m -b -E -W'),
  sftp: firstOperandIsHost('-i -P -o -F -b'),
  scp: { ...remoteCopy, values: '-i -P -o -F -l -S' },
  rsync: {
    ...remoteCopy,
    values: '-e --rsh --exclude --include --bwlimit -f --filter --port --timeout',
    reads: '--files-from --exclude-from --password-file',
    writes: '--log-file',
  },
  'nc ncat netcat': firstOperandIsHost('-p -w -s -i -q -X -x'),
  telnet: firstOperandIsHost(''),
  'ping ping6': firstOperandIsHost('-c -i -w -W -s -I -t', 'asks for'),
  traceroute: firstOperandIsHost('-m -q -w', 'asks for'),
  'nslookup host': firstOperandIsHost('-t', 'looks up'),
  dig: firstOperandIsHost('-t -p', 'looks up'),
  'psql pg_dump pg_restore pg_isready': client(
    '-h --host',
    '-U --username -d --dbname -p --port -c --command -v -n -t',
    {
      reads: '-f --file',
      writes: '-o --output',
    },
  ),
  'mysql mysqldump mysqladmin mariadb': client('-h --host', '-u --user -P --port -e --execute -D --database'),
  'mongosh mongo mongodump mongoexport mongoimport': client('--host', '-u -p --port --eval -d --db -c --collection'),
  'redis-cli': client('-h -u', '-p -a -n'),
};

function awsService(args: Arguments, word: Word): Contact[] {
  if (args.operands.length === 0) return [];
  const endpoint = valuesOf(args, '--endpoint-url').at(-1);
  return [
    { word, does: 'calls an AWS service', ...knownHost(endpoint === undefined ? undefined : hostOfUrl(endpoint.text)) },
  ];
}
