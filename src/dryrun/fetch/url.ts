import { randomUUID } from 'node:crypto';
import { CannotLook } from '../../net/failure.js';
import { isRedirect } from '../../net/redirect.js';
import { statusText } from '../../net/status-text.js';
import type { HttpStream, Transport } from '../../net/transport.js';
import { contentLength, downloadName, followed } from '../../probe/url.js';
import { shownAddress } from '../../text/web-address.js';
import type { StagedInput } from '../staged-input.js';
import { refuseSize, type Fetching } from './fetching.js';

/**
 * Asks for a URL with GET, as a node does (`pkg/storage/url/urldownload`); the body is read when the entry is.
 *
 * @throws CannotLook when a node would get no file either: another status than 2xx, or no Content-Length
 */
export async function fetchUrl(text: string, { transport, maxBytes, layout }: Fetching): Promise<StagedInput> {
  const found = await followed(new URL(text), (url) => ask(url, transport, maxBytes));
  const { url, answer } = found;
  try {
    const { status, headers } = answer;
    if (status < 200 || status > 299) throw new CannotLook(`${url.host} answered ${statusText(status)}`);
    const size = contentLength(headers['content-length']);
    if (size === undefined) {
      throw new CannotLook(`${url.host} does not say how long it is (no Content-Length), which a node needs too`);
    }
    refuseSize(size, maxBytes);
    // Without any name a node makes one up as well.
    const path = downloadName(found) ?? randomUUID();
    const mode = layout.modes?.file ?? 0o644;
    return {
      description: shownAddress(text),
      shape: 'file-inside',
      folderMode: layout.folderMode,
      total: { files: 1, bytes: size },
      entries: async function* () {
        const body = { isRead: false };
        const open = (): HttpStream['body'] => {
          body.isRead = true;
          return answer.body;
        };
        try {
          yield { kind: 'file', path, mode, size, open };
        } finally {
          if (!body.isRead) await leave(answer);
        }
      },
    };
  } catch (error) {
    await leave(answer);
    throw error;
  }
}

async function ask(url: URL, transport: Transport, maxBytes: number): Promise<HttpStream> {
  const answer = await transport.open({ url, maxBytes });
  if (isRedirect(answer)) await leave(answer);
  return answer;
}

/** Lets go of an answer whose body is not wanted; only a body that was begun can be ended. */
async function leave({ body }: HttpStream): Promise<void> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    await chunks.next();
  } catch {
    // It is not wanted anyway.
  } finally {
    await chunks.return?.();
  }
}
