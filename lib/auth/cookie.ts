/**
 * The name of the cookie that carries the session's opaque token.
 * @param secure whether the site is https: then the browser itself holds the cookie to this host, path and scheme
 *   (the __Host- prefix, RFC 6265bis §4.1.3)
 */
export function sessionCookieName(secure: boolean): string {
  return secure ? "__Host-cairn.session" : "cairn.session";
}

/** The name of the cookie in which Auth.js notes where a sign-in leads. */
export function returnCookieName(secure: boolean): string {
  return secure ? "__Host-cairn.return" : "cairn.return";
}

/** Days that browsers keep a cookie at most (RFC 6265bis §5.5). The session's row decides when a session ends. */
const SESSION_COOKIE_DAYS = 400;
export const SESSION_COOKIE_SECONDS = SESSION_COOKIE_DAYS * 24 * 60 * 60;

/** How the session's cookie is kept: out of scripts' reach, and not sent along with other sites' forms. */
export function sessionCookieOptions(secure: boolean) {
  return { httpOnly: true, sameSite: "lax", path: "/", secure } as const;
}
