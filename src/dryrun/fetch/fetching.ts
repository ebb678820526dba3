import { CannotLook } from '../../net/failure.js';
import type { Environment } from '../../net/proxy.js';
import type { Transport } from '../../net/transport.js';
import type { IpfsEndpoint } from '../../probe/ipfs/blocks.js';
import { sizeText } from '../../text/size.js';
import type { NodeLayout } from '../local-input.js';
import type { Partition } from '../plan.js';

/** What may be fetched for a dry run, and how. */
export interface FetchOptions {
  readonly env: Environment;
  /** Hosts that may have private addresses, and object stores there that may be sent the user's credentials. */
  readonly allowedHosts: readonly string[];
  /** Why nothing may be fetched, with the flag that allows it. */
  readonly whyNot: string | undefined;
  /** Whether Amazon's own store may be sent the user's credentials unasked. */
  readonly sendsCredentials: boolean;
  /** The gateway or node that the user names for IPFS; no other is asked. */
  readonly ipfs: IpfsEndpoint | undefined;
  /** Most objects of an S3 listing, or files of an IPFS folder, that are taken. */
  readonly sample: number | undefined;
  /** Most bytes of one input. */
  readonly maxBytes: number;
  /** Milliseconds that one input may take, from the first question to the last byte. */
  readonly maxMs: number;
  /** Milliseconds for the head of an answer, and for each pause in its body. Default 10 s. */
  readonly requestMs?: number;
}

/** What one input is fetched with. */
export interface Fetching extends FetchOptions {
  readonly transport: Transport;
  readonly layout: NodeLayout;
  readonly target: string;
  readonly partition: Partition | undefined;
}

/**
 * Refuses what is larger than the user wants.
 *
 * @throws CannotLook which names the flag
 */
export function refuseSize(bytes: number, most: number): void {
  if (bytes > most) throw new CannotLook(`it has ${sizeText(bytes)}, and --max-input-size allows ${sizeText(most)}`);
}
