import { hasOption, type Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import { pathsBeside } from './buckets.js';
import { hostOfAuthority, hostOfUrl, isRemotePath, isUrl, knownHost } from './hosts.js';
import { always, type Contact, type Program, type ProgramTable } from './program.js';

/** `scp`, `rsync`: operands of the form `host:path` are on another host. */
const remoteCopy: Omit<Program, 'values'> = {
  usesProxy: false,
  contacts: ({ operands }) => operands.filter(isElsewhere).slice(0, 1).map(contactRemote),
  paths: ({ operands }) => pathsBeside(operands, isElsewhere),
};

function isElsewhere({ text }: Word): boolean {
  return isUrl(text) || text.startsWith('rsync://') || isRemotePath(text) || /^…(?::|@)/.test(text);
}

function contactRemote(word: Word): Contact {
  const { text } = word;
  const rest = /^rsync:\/\/(.*)$/s.exec(text)?.[1];
  const host = isUrl(text) ? hostOfUrl(text) : hostOfAuthority(rest ?? text.replace(/:.*/s, ''));
  return { word, does: `connects to ${host ?? text}`, ...knownHost(host) };
}

interface HostFirst extends Omit<Program, 'contacts' | 'paths'> {
  readonly does?: string;
  /** Options with which it waits for others instead. */
  readonly listens?: string;
}

/** Programs whose first operand is the host. */
function hostFirst({ does = 'connects to', listens, ...program }: HostFirst): Program {
  return {
    ...program,
    usesProxy: false,
    contacts: (args) => {
      if (listens !== undefined && hasOption(args, listens)) return [];
      return operandsOf(args)
        .slice(0, 1)
        .map((word) => ({
          word,
          does: `${does} ${word.text}`,
          ...knownHost(isUrl(word.text) ? hostOfUrl(word.text) : hostOfAuthority(word.text)),
        }));
    },
  };
}

/** dig takes `+short` and `@server` among its operands. */
function operandsOf({ operands }: Arguments): Word[] {
  return operands.filter(({ text }) => !text.startsWith('+'));
}

export const REMOTE: ProgramTable = {
  'ssh mosh autossh': hostFirst({ values: '-p -o -l -L -R -D -J -c -m -b -W', reads: '-i -F', writes: '-E' }),
  'ssh-keyscan': hostFirst({ values: '-p -t -T', reads: '-f', does: 'asks' }),
  'ssh-copy-id': hostFirst({ values: '-p -o', reads: '-i' }),
  'ssh-keygen': { values: '-t -b -C -N -P -m', writes: '-f' },
  sftp: { ...remoteCopy, values: '-P -o', reads: '-i -F -b' },
  scp: { ...remoteCopy, values: '-P -o -l -S', reads: '-i -F' },
  rsync: {
    ...remoteCopy,
    values: '-e --rsh --exclude --include --bwlimit -f --filter --port --timeout',
    reads: '--files-from --exclude-from --include-from --password-file',
    writes: '--log-file',
  },
  'nc ncat netcat': hostFirst({ values: '-p -w -s -i -q -X -x', listens: '-l --listen -h' }),
  socat: {
    usesProxy: false,
    contacts: ({ operands }) =>
      operands
        .flatMap((word) => {
          const host = /^(?:tcp|tcp4|tcp6|udp|openssl|ssl)(?:-connect)?:([^:,]+)/i.exec(word.text)?.[1];
          return host === undefined ? [] : [{ word, does: `connects to ${host}`, ...knownHost(hostOfAuthority(host)) }];
        })
        .slice(0, 1),
  },
  telnet: hostFirst({}),
  ftp: hostFirst({ values: '-P' }),
  lftp: always('connects to another host', { values: '-c -e -u -p' }),
  'ping ping6': hostFirst({ values: '-c -i -w -W -s -I -t', does: 'asks for' }),
  'traceroute tracepath mtr': hostFirst({ values: '-m -q -w -c', does: 'asks for' }),
  'nslookup host whois': hostFirst({ values: '-t -h', does: 'looks up' }),
  dig: hostFirst({ values: '-t -p -x', does: 'looks up' }),
  nmap: hostFirst({ values: '-p -oN -oX', does: 'scans' }),
};
