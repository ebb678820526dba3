/** The only account of registries with a login. */
export const ACCOUNT = { username: 'tester', password: 'correct horse' };

/** The header of the account. */
export function basicLogin(): string {
  return `Basic ${Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64')}`;
}
