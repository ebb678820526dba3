/**
 * Says whether the USER of an image is root (OCI image config 1.1, `User`: `user`, `uid`, `user:group`, …).
 * Absent and empty mean root. A name other than root may be anybody; only /etc/passwd of the image knows.
 */
export function isRootUser(user: string): boolean {
  const name = user.split(':', 1)[0]?.trim() ?? '';
  return name === '' || name === 'root' || /^0+$/.test(name);
}
