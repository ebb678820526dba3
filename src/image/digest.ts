import { createHash } from 'node:crypto';
import { CannotLook } from '../net/failure.js';
import { isDigest } from './reference-grammar.js';

/** Gives `sha256:…` of the bytes, or the digest by another algorithm that Docker knows. */
export function digestOf(bytes: Buffer, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** Whether bytes are what a digest names. */
export function isContentOf(bytes: Buffer, digest: string): boolean {
  return isDigest(digest) && digestOf(bytes, digest.slice(0, digest.indexOf(':'))) === digest;
}

/**
 * Checks bytes against the digest under which they were asked for.
 *
 * @param who the one that gave them, for the reason: `the registry`
 * @throws CannotLook when they differ, or when the digest is none
 */
export function verifyDigest(bytes: Buffer, digest: string, who: string): void {
  if (!isDigest(digest)) throw new CannotLook(`digest mismatch: ${who} names an invalid digest`);
  const actual = digestOf(bytes, digest.slice(0, digest.indexOf(':')));
  if (actual !== digest) throw new CannotLook(`digest mismatch: what ${who} gives as ${digest} is ${actual}`);
}
