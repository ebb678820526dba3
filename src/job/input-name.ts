import { urlProblem, type UrlProblem } from './go-url.js';

/** What a node makes of the URL of a `urlDownload` source (`pkg/storage/url/urldownload`). */
export type Download =
  | {
      readonly kind: 'file';
      readonly host: string;
      /**
       * The name that the file gets: the last part of the path, decoded. After a redirect it may be another one.
       * Absent when the path has no last part: the node then makes up a random name.
       */
      readonly name?: string;
      /** True when the path ends in a slash, as that of a folder does. */
      readonly folder: boolean;
    }
  | { readonly kind: 'bad'; readonly why: 'scheme' | 'no-host' | 'no-path' | 'not-a-url'; readonly scheme?: string }
  | { readonly kind: 'bad'; readonly why: 'malformed'; readonly problem: UrlProblem };

/** Takes the text of a URL apart as Go's `net/url` does; the query and the fragment never name the file. */
export function downloadOf(url: string): Download {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)/.exec(url);
  if (match === null) return { kind: 'bad', why: 'not-a-url' };
  const problem = urlProblem(url);
  if (problem !== undefined) return { kind: 'bad', why: 'malformed', problem };
  const [, scheme = '', host = '', path = ''] = match;
  if (!/^https?$/i.test(scheme)) return { kind: 'bad', why: 'scheme', scheme };
  if (host === '') return { kind: 'bad', why: 'no-host' };
  if (path === '') return { kind: 'bad', why: 'no-path' };
  const name = lastPart(decoded(path));
  return {
    kind: 'file',
    host: host.slice(host.lastIndexOf('@') + 1).toLowerCase(),
    folder: path.endsWith('/'),
    ...(name === undefined ? {} : { name }),
  };
}

/** What an S3 source fetches (`pkg/s3`): one object, or everything whose key begins with a text. */
export type S3Fetch =
  | { readonly kind: 'bucket' }
  /** `name` is what the object is called below the Target. */
  | { readonly kind: 'object'; readonly name: string }
  /** `prefix` is the text that keys begin with; `folder` the first part of what lies below the Target, if that is known. */
  | { readonly kind: 'prefix'; readonly prefix: string };

/** Reads a Key: only a slash or a `*` at its very end makes a listing of it, and the empty Key the whole bucket. */
export function s3Fetch(key: string): S3Fetch {
  const prefix = key.replace(/\*$/, '');
  if (prefix === '') return { kind: 'bucket' };
  if (key.endsWith('*') || key.endsWith('/')) return { kind: 'prefix', prefix };
  return { kind: 'object', name: key.slice(key.lastIndexOf('/') + 1) };
}

/** Whether the last part of a path looks like the name of a file: it has a short extension, or is a well-known name. */
export function looksLikeFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^\.?[^.]+\.d$/.test(name)) return false; // conf.d, init.d: folders by custom
  return /[^.]\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(name) || /^(?:Makefile|Dockerfile|LICENSE|README)$/.test(name);
}

function lastPart(path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.at(-1);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
