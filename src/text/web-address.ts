/** Names of query parameters that are proof of who may ask, or make one. */
const SECRET_PARAMETER =
  /^(?:x-(?:amz|goog)-(?:signature|credential|security-token)|signature|sig|awsaccesskeyid|googleaccessid|key-pair-id|policy|(?:access_?)?token|api_?key|key|password|passwd|secret|auth|authorization|code)$/i;

/** Gives a web address for people: without password and without the values of its query, which may be signatures. */
export function shownAddress(url: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)(.*)$/is.exec(url) ?? [];
  const host = scheme === '' ? authority : authority.slice(authority.lastIndexOf('@') + 1);
  const query = rest.indexOf('?');
  return query < 0 ? `${scheme}${host}${rest}` : `${scheme}${host}${rest.slice(0, query)}?…`;
}

/**
 * Puts a star in place of every character of a password or signature that stands in a web address in a text, so that
 * the text can be shown. Its length stays the same.
 */
export function maskAddresses(text: string): string {
  return text
    .replace(/(:\/\/[^\s/?#@:]*:)([^\s/?#@]+)(?=@)/g, (_, before: string, secret: string) => before + stars(secret))
    .replace(/([?&])([^\s=&?#]+)=([^\s&#"'`<>]+)/g, (all: string, mark: string, name: string, value: string) =>
      SECRET_PARAMETER.test(name) ? `${mark}${name}=${stars(value)}` : all,
    );
}

function stars(secret: string): string {
  return '*'.repeat(secret.length);
}
