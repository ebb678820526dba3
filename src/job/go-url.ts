/** Why Go's `net/url` refuses a text as a URL. */
export interface UrlProblem {
  readonly why: 'control' | 'no-scheme' | 'host' | 'port' | 'escape';
  /** The part that it stumbles over; empty when something is missing. */
  readonly text: string;
  /** Offset of that part. */
  readonly start: number;
}

/** What may stand in a host as it is (`shouldEscape` in Go's `net/url`, mode host); others than ASCII may too. */
const NOT_IN_HOST = /[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%\u0080-\uffff]/;

/**
 * Gives what `url.Parse` of Go refuses in a text, or undefined. Both the client (`--input`) and the nodes (the URL
 * of a download) parse with it. Linear in the length of the text.
 */
export function urlProblem(url: string): UrlProblem | undefined {
  const control = url.search(CONTROL);
  if (control >= 0) return { why: 'control', text: url.charAt(control), start: control };
  if (url.startsWith(':')) return { why: 'no-scheme', text: '', start: 0 };
  const match = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?[^#]*)?(#.*)?$/s.exec(url);
  if (match === null) return undefined;
  const [, authority = '', path = '', fragment = ''] = match;
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(url)?.[0].length ?? 0;
  // Without a slash behind the scheme Go keeps the rest as it is.
  if (scheme > 0 && !url.startsWith('/', scheme)) return undefined;
  const hostStart = scheme + (url.startsWith('//', scheme) ? 2 : 0) + authority.lastIndexOf('@') + 1;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const pathStart = hostStart + host.length;
  return (
    hostProblem(host, hostStart) ??
    escapeProblem(path, pathStart) ??
    escapeProblem(fragment, url.length - fragment.length)
  );
}

const CONTROL = /[\u0000-\u001f\u007f]/;

function hostProblem(host: string, start: number): UrlProblem | undefined {
  const bad = host.search(NOT_IN_HOST);
  if (bad >= 0) return { why: 'host', text: host.charAt(bad), start: start + bad };
  const port = host.startsWith('[') ? /\](?!$|:\d*$).*/.exec(host) : /:(?!\d*$)[^:]*$/.exec(host);
  return port === null ? undefined : { why: 'port', text: port[0], start: start + port.index };
}

function escapeProblem(text: string, start: number): UrlProblem | undefined {
  const bad = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(text);
  return bad === null ? undefined : { why: 'escape', text: bad[0], start: start + bad.index };
}

/** Says what is malformed in a URL, as a part of a sentence. */
export function whyMalformed({ why, text }: UrlProblem): string {
  switch (why) {
    case 'control':
      return 'it holds a control character';
    case 'no-scheme':
      return 'nothing stands before its first colon, where http or https belongs';
    case 'host':
      return `${text === ' ' ? 'a blank' : text} cannot be a part of its host, so it names no host`;
    case 'port':
      return `${text} is no port`;
    case 'escape':
      return `${text} is no escaped character; a percent sign is written %25`;
  }
}
