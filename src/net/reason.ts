import { CannotLook, NoConnection, NoTls } from './failure.js';

/** What may have ended a request. */
interface Limits {
  readonly requestMs: number;
  /** Aborts when the request, or a pause in it, takes longer than that. */
  readonly deadline: AbortSignal;
  /** Aborts when the look as a whole is over. */
  readonly whole: AbortSignal;
}

/** Turns what Node throws into a phrase, by its code and never by its message. */
export function asReason(error: unknown, url: URL, { requestMs, whole, deadline }: Limits): CannotLook {
  if (error instanceof CannotLook) return error;
  if (deadline.aborted) return new CannotLook(`${url.host} did not answer within ${requestMs / 1000} s`);
  if (whole.aborted) return new CannotLook(`${url.host} did not answer in time`);
  const code = codeOf(error);
  switch (code) {
    case 'ENOTFOUND':
      return new CannotLook(`${url.host} has no address (DNS)`);
    case 'EAI_AGAIN':
      return new CannotLook(`${url.host} could not be resolved (DNS does not answer)`);
    case 'ECONNREFUSED':
      return new NoConnection(`${url.host} refused the connection`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new CannotLook(`${url.host} cannot be reached from here`);
    case 'ECONNRESET':
    case 'EPIPE':
      return new NoConnection(`${url.host} closed the connection without an answer`);
    case 'EPROTO':
      return new NoTls(`${url.host} does not speak TLS`);
  }
  if (/^(?:ERR_SSL|ERR_TLS)_/.test(code)) return new NoTls(`${url.host} does not speak TLS (${code})`);
  if (/CERT|SIGNATURE|ISSUER|SIGNED|VERIFY/.test(code)) {
    return new CannotLook(`${url.host} has a TLS certificate that is not trusted (${code})`);
  }
  if (code.startsWith('HPE_')) return new NoConnection(`${url.host} does not speak HTTP (${code})`);
  return new CannotLook(`${url.host} could not be asked${code === '' ? '' : ` (${code})`}`);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
