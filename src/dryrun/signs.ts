import { shortened } from '../text/shortened.js';
import type { Sign } from '../workload/run-evidence.js';

/** What programs say when they reach no network (libc, Go, Python, Node, Java, curl, wget, busybox). */
const NETWORK: readonly RegExp[] = [
  /could not resolve host: ?(\S+)/i,
  /temporary failure in name resolution/i,
  /name or service not known/i,
  /nodename nor servname provided/i,
  /bad address '([^']+)'/,
  /unable to resolve host address .([^'’]+)/i,
  /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (\S+)/,
  /dial tcp:? lookup (\S+?):? /,
  /UnknownHostException: (\S+)/,
  /network is unreachable/i,
  /no route to host/i,
  /failed to establish a new connection/i,
];
const PERMISSION = /permission denied|operation not permitted|EACCES|EPERM|PermissionError/i;
const READ_ONLY = /read-only file system|EROFS/i;
/** More of the same help nobody. */
const MOST_SIGNS = 5;
const LONGEST_LINE = 10_000;

/** Finds the lines of what a program said that speak of the network or of a permission, the first few of each kind. */
export function signsIn(text: string): Sign[] {
  const signs: Sign[] = [];
  for (const whole of text.split(/\r?\n/)) {
    const sign = signOf(whole.slice(0, LONGEST_LINE));
    if (sign !== undefined && signs.filter(({ kind }) => kind === sign.kind).length < MOST_SIGNS) signs.push(sign);
  }
  return signs;
}

function signOf(text: string): Sign | undefined {
  const line = shortened(text, 160);
  for (const pattern of NETWORK) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const host = match[1]?.replace(/[:,'"]+$/, '');
    return { kind: 'network', line, ...(host === undefined || host === '' ? {} : { about: host }) };
  }
  if (!PERMISSION.test(text) && !READ_ONLY.test(text)) return undefined;
  const path = /(?:^|[\s'"‘:=(])(\/[^\s'"’:,)]+)/.exec(text)?.[1];
  return {
    kind: READ_ONLY.test(text) ? 'read-only' : 'permission',
    line,
    ...(path === undefined ? {} : { about: path }),
  };
}
