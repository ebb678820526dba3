import { valuesOf, type Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import { hostFrom } from './environment.js';
import { hostOfAuthority, hostOfUrl, isUrl, knownHost } from './hosts.js';
import type { Contact, Environment, Program, ProgramTable } from './program.js';

interface Client extends Omit<Program, 'contacts'> {
  /** Options that name the host. */
  readonly hosts: string;
  /** Whether the first operand may be `host/database`. */
  readonly hostOperand?: true;
  /** The name by which the environment speaks of the program. */
  readonly family?: string;
}

/** Database clients: a host by option, address or environment; without any they stay on their own host. */
function client({ hosts, hostOperand, family, ...program }: Client): Program {
  return {
    ...program,
    usesProxy: false,
    values: `${hosts} ${program.values ?? ''}`,
    contacts: (args, word, environment) => {
      const given = hostsGiven(args, hosts, hostOperand === true);
      if (given.length > 0)
        return given.filter(({ host }) => host !== '').map(({ word: at, host }) => contact(at, host));
      const set = fromEnvironment(environment, family);
      return set === undefined ? [] : [contact(word, set)];
    },
  };
}

function contact(word: Word, host: string | undefined): Contact {
  return { word, does: `connects to ${host ?? 'a database'}`, ...knownHost(host) };
}

function fromEnvironment(environment: Environment, family: string | undefined): string | undefined {
  const set = family === undefined ? undefined : hostFrom(environment, family);
  return set?.startsWith('/') === true || set === '…' ? undefined : set;
}

/** Each word that names a host; the host is empty for a socket on the own host, and undefined when it is not known. */
function hostsGiven(
  args: Arguments,
  options: string,
  hostOperand: boolean,
): { readonly word: Word; readonly host: string | undefined }[] {
  const named = valuesOf(args, options).map((word) => ({ word, host: hostIn(word.text) }));
  if (named.length > 0) return named;
  return [...args.operands, ...valuesOf(args, '-d --dbname --uri')].flatMap((word, index) => {
    const { text } = word;
    if (isUrl(text)) return [{ word, host: hostOfUrl(text) }];
    // A connection string of libpq: `host=… dbname=…`.
    const inString = /(?:^|\s)host=(\S+)/.exec(text)?.[1];
    if (inString !== undefined) return [{ word, host: hostIn(inString) }];
    const host = hostOperand && index === 0 ? /^([\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:\/|$)/.exec(text)?.[1] : undefined;
    return host === undefined ? [] : [{ word, host: host.toLowerCase() }];
  });
}

function hostIn(text: string): string | undefined {
  if (text.startsWith('/') || text === '') return '';
  return isUrl(text) ? hostOfUrl(text) : hostOfAuthority(text);
}

const PSQL = '-U --username -d --dbname -p --port -c --command -v -F -R -P';
const DUMP = '-U --username -d --dbname -p --port -n -t -T -F -j -Z --schema --table --format';

export const DATABASES: ProgramTable = {
  'psql pg_isready': client({
    hosts: '-h --host',
    family: 'psql',
    values: PSQL,
    reads: '-f --file',
    writes: '-o --output',
  }),
  pg_restore: client({ hosts: '-h --host', family: 'psql', values: DUMP, operands: 'read' }),
  'pg_dump pg_dumpall': client({
    hosts: '-h --host',
    family: 'psql',
    values: DUMP,
    writes: '-f --file',
  }),
  'mysql mysqldump mysqladmin mysqlimport mariadb mariadb-dump': client({
    hosts: '-h --host',
    family: 'mysql',
    values: '-u --user -P --port -e --execute -D --database',
  }),
  'mongosh mongo': client({
    hosts: '--host',
    hostOperand: true,
    values: '-u -p --port --eval -d --db -c --collection',
  }),
  'mongodump mongoexport': client({
    hosts: '--host -h',
    values: '-u -p --port -d --db -c --collection --uri -q --query -f --fields',
    writes: '-o --out',
  }),
  'mongorestore mongoimport': client({
    hosts: '--host -h',
    values: '-u -p --port -d --db -c --collection --uri --type',
    reads: '--file --dir',
    operands: 'read',
  }),
  'redis-cli valkey-cli': client({ hosts: '-h -u', values: '-p -a -n' }),
  sqlcmd: client({ hosts: '-S', values: '-U -P -d -Q -q', reads: '-i', writes: '-o' }),
  'clickhouse-client': client({ hosts: '--host -h', values: '--port --user --password --query -q --database' }),
  'clickhouse-local': { values: '--query -q --structure --input-format --output-format', reads: '--file -f' },
  cqlsh: client({ hosts: '', hostOperand: true, values: '-u -p -e -k', reads: '-f' }),
  influx: client({ hosts: '--host', values: '--org --token --bucket' }),
  'kafka-console-consumer kafka-console-producer kcat kafkacat': client({
    hosts: '--bootstrap-server --broker-list -b',
    values: '--topic -t --group -o',
  }),
};
