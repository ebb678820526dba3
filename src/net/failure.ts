/** Why something could not be learned. The message is a short phrase for people and holds no secret. */
export class CannotLook extends Error {
  override readonly name = 'CannotLook';
}

/** The connection could not be made, or is not TLS: plain HTTP may be tried where that is allowed. */
export class NoConnection extends CannotLook {}
/** Something listens, and does not speak TLS. */
export class NoTls extends NoConnection {}

/** Gives the phrase for anything that was thrown; what is no `CannotLook` is a fault of ours and is thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof CannotLook) return error.message;
  throw error;
}
