type Options = {
  /** Fresh for every response, unguessable: the one thing that lets a script run. */
  nonce: string;
  /** Whether the site is served by https. */
  secure: boolean;
  /** The development server compiles in the browser (`eval`) and talks over a WebSocket. */
  development?: boolean;
};

/**
 * The Content-Security-Policy of every page. A script runs by its nonce, or because a script with the nonce loaded it
 * (CSP Level 3, `strict-dynamic`); inline styles may stand, since people's own colours are style attributes.
 */
export function contentSecurityPolicy({ nonce, secure, development = false }: Options): string {
  const directives: Record<string, string[]> = {
    "default-src": ["'self'"],
    "script-src": [`'nonce-${nonce}'`, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'", ...(development ? ["ws:"] : [])],
    "frame-src": ["'none'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    ...(secure ? { "upgrade-insecure-requests": [] } : {}),
  };
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(" "))
    .join("; ");
}

/** The headers that protect every page, by name. Strict-Transport-Security is a promise that only https can make. */
export function securityHeaders(options: Options): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy(options),
    "x-content-type-options": "nosniff",
    // What someone reads here is no other site's business.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ...(options.secure ? { "strict-transport-security": "max-age=63072000" } : {}),
  };
}
