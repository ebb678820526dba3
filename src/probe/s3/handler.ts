import { Readable } from 'node:stream';
import type { Transport } from '../../net/transport.js';

/** What the SDK hands over to be sent. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
}

/** What the SDK takes back. */
interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Readable;
}

/**
 * Lets the SDK send its requests the way all others are sent here: with the address check, deadlines and size limits.
 *
 * @param maxBytes longest answer that is read
 */
export function sdkHandler(
  transport: Transport,
  maxBytes: number,
): { readonly handle: (request: SdkRequest) => Promise<{ readonly response: SdkResponse }> } {
  return {
    handle: async (request) => {
      const port = request.port === undefined ? '' : `:${String(request.port)}`;
      const answer = await transport.open({
        url: new URL(`${request.protocol}//${request.hostname}${port}/`),
        path: request.path + queryText(request.query ?? {}),
        method: request.method === 'HEAD' ? 'HEAD' : 'GET',
        headers: request.headers,
        maxBytes,
        takesEncoded: true,
      });
      const headers = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
      );
      return {
        response: {
          statusCode: answer.status,
          headers: Object.fromEntries(headers),
          body: Readable.from(answer.body, { objectMode: false }),
        },
      };
    },
  };
}

/** Encoded as it was signed. */
function queryText(query: NonNullable<SdkRequest['query']>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === null ? [encoded(name)] : [value].flat().map((each) => `${encoded(name)}=${encoded(each)}`),
  );
  return pairs.length === 0 ? '' : `?${pairs.sort().join('&')}`;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
