import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../net/proxy.js';

/** The user's own credentials for S3: keys of the environment, or what the SDK finds in the user's AWS files. */
export type Credentials =
  | {
      readonly kind: 'keys';
      readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
    }
  | { readonly kind: 'files' };

/**
 * Finds the credentials that the user has set up; the metadata service of a cloud machine is not asked for any.
 *
 * @returns undefined when there are none
 */
export async function findCredentials(env: Environment): Promise<Credentials | undefined> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env;
  if (isSet(accessKeyId) && isSet(secretAccessKey)) {
    return { kind: 'keys', keys: { accessKeyId, secretAccessKey, ...(isSet(token) ? { sessionToken: token } : {}) } };
  }
  const home = env.HOME ?? env.USERPROFILE ?? homedir();
  const files = [
    env.AWS_SHARED_CREDENTIALS_FILE ?? join(home, '.aws', 'credentials'),
    env.AWS_CONFIG_FILE ?? join(home, '.aws', 'config'),
  ];
  for (const file of files) {
    try {
      await access(file);
      return { kind: 'files' };
    } catch {
      // The other one may be there.
    }
  }
  return undefined;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
