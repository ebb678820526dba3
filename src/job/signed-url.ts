/** What the query of a URL says of the signature in it. */
export interface SignedUrl {
  readonly by: 'Amazon S3' | 'Azure Storage' | 'Google Cloud Storage' | 'CloudFront';
  /** Milliseconds since 1970 from which on it is refused, where that can be told. */
  readonly until?: number;
  /** True when the method is a part of what was signed, so that one of HEAD and GET is refused. */
  readonly oneMethod: boolean;
}

/**
 * Reads the signature in a URL: AWS Signature Version 4 and 2, Azure shared access signatures, Google's V4 and V2,
 * and CloudFront. Azure and CloudFront sign no method; of Google's it is not certain. Undefined when there is none.
 */
export function signedUrl(url: string): SignedUrl | undefined {
  if (!URL.canParse(url)) return undefined;
  const params = new Map([...new URL(url).searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const has = (...names: readonly string[]): boolean => names.every((name) => params.get(name) !== undefined);
  if (has('x-amz-signature', 'x-amz-algorithm')) {
    const until = after(params.get('x-amz-date'), params.get('x-amz-expires'));
    return { by: 'Amazon S3', oneMethod: true, ...until };
  }
  if (has('x-goog-signature', 'x-goog-algorithm')) {
    const until = after(params.get('x-goog-date'), params.get('x-goog-expires'));
    return { by: 'Google Cloud Storage', oneMethod: false, ...until };
  }
  const epoch = atEpoch(params.get('expires'));
  if (has('awsaccesskeyid', 'signature', 'expires')) return { by: 'Amazon S3', oneMethod: true, ...epoch };
  if (has('googleaccessid', 'signature', 'expires')) return { by: 'Google Cloud Storage', oneMethod: false, ...epoch };
  if (has('key-pair-id', 'signature')) return { by: 'CloudFront', oneMethod: false, ...epoch };
  if (has('sig', 'sv', 'se')) {
    const until = Date.parse(params.get('se') ?? '');
    return { by: 'Azure Storage', oneMethod: false, ...(Number.isNaN(until) ? {} : { until }) };
  }
  return undefined;
}

/** A basic ISO 8601 time (`20240102T030405Z`) and seconds after it. */
function after(date: string | undefined, seconds: string | undefined): Pick<SignedUrl, 'until'> {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date ?? '');
  if (match === null || seconds === undefined || !/^\d{1,9}$/.test(seconds)) return {};
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = match;
  const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(start) ? {} : { until: start + Number(seconds) * 1000 };
}

function atEpoch(seconds: string | undefined): Pick<SignedUrl, 'until'> {
  return seconds !== undefined && /^\d{9,11}$/.test(seconds) ? { until: Number(seconds) * 1000 } : {};
}
