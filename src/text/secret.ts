/** Names of variables that hold a secret, wherever the word stands in them. */
const NAME =
  /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_?KEY|PRIVATE|CREDENTIAL|AUTH|_KEY$|^KEY$|_PASS$|_PWD$|COOKIE|DSN$/i;

/** Beginnings that services give to what they hand out, private keys, and tokens in three parts. */
const KNOWN =
  /^(?:gh[opsu]_|github_pat_|glpat-|hf_|sk-|xox[abp]-|AKIA|ASIA|AIza|dckr_pat_|npm_|pypi-|eyJ[\w-]+\.|-----BEGIN )/;

/**
 * Whether the value of an environment variable had better not be shown. Rather too often than too seldom: it is only
 * about what is printed.
 */
export function looksSecret(name: string, value: string): boolean {
  if (NAME.test(name) || KNOWN.test(value)) return true;
  if (/:\/\/[^\s/@]*:[^\s/@]+@/.test(value)) return true; // a URL with a password
  const isMixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
  return isMixed && /^[\w+=-]{24,}$/.test(value);
}
