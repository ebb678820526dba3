const STATUS_TEXT: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not found',
  405: 'method not allowed',
  406: 'not acceptable',
  410: 'gone',
  429: 'too many requests',
  500: 'internal error',
  501: 'not implemented',
  502: 'bad gateway',
  503: 'service unavailable',
  504: 'gateway timeout',
};

/** `429 (too many requests)`; the server's own words are not repeated. */
export function statusText(status: number): string {
  const text = STATUS_TEXT[status];
  return text === undefined ? String(status) : `${status} (${text})`;
}
