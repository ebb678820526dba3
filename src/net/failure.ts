/** Why something could not be learned. The message is a short phrase for people and holds no secret. */
export class CannotLook extends Error {
  override readonly name = 'CannotLook';
}

/** Gives the phrase for anything that was thrown; what is no `CannotLook` is a fault of ours and is thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof CannotLook) return error.message;
  throw error;
}
