/** Why a dry run could not be tried; the message is half a sentence. It says nothing about the job. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}
