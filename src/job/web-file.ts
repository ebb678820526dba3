/** Gives the address of the file itself for the pages of GitHub and GitLab that show one; undefined for others. */
export function rawFileOf(url: string): string | undefined {
  const match = /^https?:\/\/(?:www\.)?(github\.com|gitlab\.com)\/([^?#]+?)(?:\/-)?\/blob\/([^?#]+)/i.exec(url);
  if (match === null) return undefined;
  const [, host = '', repository = '', file = ''] = match;
  return host.toLowerCase() === 'github.com'
    ? `https://raw.githubusercontent.com/${repository}/${file}`
    : `https://gitlab.com/${repository}/-/raw/${file}`;
}
