/** Whether the engine itself said no, and not the connection to it. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'statusCode' in error;
}

/** Gives the engine's own words; docker-modem puts `(HTTP code 500) server error - ` before them. */
export function engineWords(message: string): string {
  return message.replace(/^\(HTTP code \d+\)[^-]*- /, '').trim();
}
