import type { Route } from "next";

const FALLBACK: Route = "/today";
/** Only its origin matters: a path that resolves to another origin is not a path of ours. */
const BASE = "http://cairn.invalid";

/**
 * A return address from outside, as a path of this site. Whatever leads elsewhere, or could be read as if it did
 * (`//host`, `/\host`, a scheme, control characters, their encoded forms), becomes /today.
 */
export function safeNext(path: unknown): Route {
  if (typeof path !== "string" || path.length > 2_000) return FALLBACK;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const suspicious = /[\u0000-\u0020\u007f\\]|^[^/]/;
  if (path === "" || suspicious.test(path) || !URL.canParse(path, BASE)) return FALLBACK;
  const url = new URL(path, BASE);
  // Looked at after the dots are resolved: "/..//host" and "/../%2fhost" end here too.
  if (url.origin !== BASE || /^\/(\/|%2f|%5c)/i.test(url.pathname)) return FALLBACK;
  // Safe: it is a path of this site; whether a page stands there, the router says.
  return (url.pathname + url.search + url.hash) as Route;
}
