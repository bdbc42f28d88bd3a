import { NextResponse, type NextRequest } from "next/server";
import { sessionCookieName } from "@/lib/auth/cookie";
import { env, siteOrigin } from "@/lib/env";
import { isOwnOrigin } from "@/lib/origin";
import { FOREIGN_ORIGIN, refusedResponse, TOO_LARGE } from "@/lib/refused-request";
import { REQUEST_PATH_HEADER } from "@/lib/request-path";
import { isTooLarge } from "@/lib/request-size";
import { securityHeaders } from "@/lib/security-headers";

const signedInPages = /^\/(today|upcoming|todos|dashboard|search|tags|trash|activity|settings)(\/|$)/;

/**
 * Runs before every page: gives it the security headers with a nonce of its own, turns away requests that are too large
 * to read or come from another site, and sends people without a session cookie from the pages inside to sign-in. That is a courtesy and no security
 * boundary: whether the session is alive is checked where the data is read.
 */
export function proxy(request: NextRequest): Response {
  const secure = siteOrigin().startsWith("https:");
  const headers = securityHeaders({
    nonce: crypto.randomUUID(),
    secure,
    development: env().NODE_ENV === "development",
  });

  const response = answer(request, secure, headers["content-security-policy"] ?? "");
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function answer(request: NextRequest, secure: boolean, policy: string): Response {
  const fromScript = request.headers.has("next-action");
  if (isTooLarge(request.headers)) return refusedResponse(TOO_LARGE, fromScript);
  if (isForeign(request)) return refusedResponse(FOREIGN_ORIGIN, fromScript);
  if (leadsInside(request) && !request.cookies.has(sessionCookieName(secure))) {
    return NextResponse.redirect(signInAddress(request));
  }
  return withPolicy(request, policy);
}

/** Whether a path is text at all: Next answers bytes that are none ("/%ff") with a bare 500. */
function isText(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a form says that another site's page sent it: Next would answer it with a 500. One that says nothing is left
 * to its action, which refuses it. Sign-in's endpoints have tokens of their own against forged forms.
 */
function isForeign({ method, headers, nextUrl }: NextRequest): boolean {
  const origin = headers.get("origin");
  const isRead = method === "GET" || method === "HEAD";
  return origin !== null && !isRead && !nextUrl.pathname.startsWith("/api/") && !isOwnOrigin(origin);
}

/** A form that is sent without a session is answered by its action, which keeps what was typed. */
function leadsInside({ method, nextUrl }: NextRequest): boolean {
  return (method === "GET" || method === "HEAD") && signedInPages.test(nextUrl.pathname);
}

function signInAddress({ nextUrl }: NextRequest): URL {
  const address = new URL("/sign-in", nextUrl);
  address.searchParams.set("next", nextUrl.pathname + nextUrl.search);
  return address;
}

/** Next reads the nonce for its own scripts from the policy on the request; our pages read their address. */
function withPolicy(request: NextRequest, policy: string): NextResponse {
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  const { pathname, search } = request.nextUrl;
  headers.set(REQUEST_PATH_HEADER, pathname + search);
  // No page stands under either address.
  if (!isText(pathname))
    return NextResponse.rewrite(new URL("/404", request.nextUrl), { request: { headers } });
  return NextResponse.next({ request: { headers } });
}

export const config = {
  // Files with a hash in their name need no policy of their own, nor do the icons.
  matcher: "/((?!_next/static/|_next/image|icon|apple-icon|favicon).*)",
};
