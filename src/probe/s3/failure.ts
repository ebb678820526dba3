import { CannotLook } from '../../net/failure.js';
import { statusText } from '../../net/status-text.js';

/** What an object store says when it does not give what was asked for. */
export type S3Failure =
  | { readonly kind: 'missing'; readonly what: 'bucket' | 'version' | 'key-or-bucket' }
  | { readonly kind: 'region'; readonly region: string | undefined }
  | { readonly kind: 'denied'; readonly code: string };

/** Codes of credentials that are themselves no good, whatever they are for. */
const BAD_LOGIN =
  /^(?:InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|TokenRefreshRequired|RequestTimeTooSkewed)$/;

/**
 * Reads what the SDK threw, by its status and code; texts of the server are not repeated.
 *
 * @throws CannotLook when it says nothing of what was asked for
 */
export function failureOf(error: unknown, host: string): S3Failure {
  if (error instanceof CannotLook) throw error;
  const { status, code, region } = detailsOf(error);
  if (code === 'CredentialsProviderError') throw new CannotLook('your AWS credentials could not be read');
  if (code === 'NoSuchBucket') return { kind: 'missing', what: 'bucket' };
  if (code === 'NoSuchVersion') return { kind: 'missing', what: 'version' };
  if (status === 404) return { kind: 'missing', what: 'key-or-bucket' };
  if (status === 301 || code === 'PermanentRedirect' || code === 'AuthorizationHeaderMalformed') {
    return { kind: 'region', region };
  }
  if (status === 400 && region !== undefined) return { kind: 'region', region };
  if (BAD_LOGIN.test(code)) throw new CannotLook(`${host} does not accept your credentials (${code})`);
  if (status === 403 || status === 401) return { kind: 'denied', code };
  if (status === undefined || status < 300) throw new CannotLook(`${host} answered with something that is not S3`);
  throw new CannotLook(`${host} answered ${statusText(status)}`);
}

interface Details {
  readonly status: number | undefined;
  readonly code: string;
  readonly region: string | undefined;
}

function detailsOf(error: unknown): Details {
  const code = textAt(error, 'name') ?? '';
  const status = numberAt(fieldOf(error, '$metadata'), 'httpStatusCode');
  const region =
    textAt(fieldOf(fieldOf(error, '$response'), 'headers'), 'x-amz-bucket-region') ?? textAt(error, 'Region');
  const isName = region !== undefined && /^[a-z0-9-]{1,40}$/.test(region);
  return { status, code, region: isName ? region : undefined };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textAt(value: unknown, name: string): string | undefined {
  const field = fieldOf(value, name);
  return typeof field === 'string' ? field : undefined;
}

function numberAt(value: unknown, name: string): number | undefined {
  const field = fieldOf(value, name);
  return typeof field === 'number' ? field : undefined;
}
