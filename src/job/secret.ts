import { unfilledPart } from './unfilled.js';

/** Names of variables that hold a secret, by their last words. */
const SECRET = /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|SECRET_?(?:ACCESS_?)?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

/** Whether a variable of this name holds a secret: `HF_TOKEN`, not `MAX_TOKENS`. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

/** Whether a value is the secret itself: not a path to it, a plain word (`postgres`), or something to be filled in. */
export function isWrittenSecret(value: string): boolean {
  return (
    value.length >= 8 && !value.startsWith('/') && !/^[a-z]{1,12}$/.test(value) && unfilledPart(value) === undefined
  );
}
