/**
 * The name of the cookie that carries the session's opaque token.
 * @param secure whether the site is https: then the browser itself holds the cookie to this host, path and scheme
 *   (the __Host- prefix, RFC 6265bis §4.1.3)
 */
export function sessionCookieName(secure: boolean): string {
  return secure ? "__Host-cairn.session" : "cairn.session";
}
