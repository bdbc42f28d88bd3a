/**
 * The address to migrate: DATABASE_URL_UNPOOLED, or DATABASE_URL without Neon's pooler, which gives every statement
 * another session and with that loses the lock. Null when neither is set: then the local database is meant.
 */
export function migrationUrl(environment: Record<string, string | undefined>): string | null {
  const { DATABASE_URL_UNPOOLED: unpooled, DATABASE_URL: pooled } = environment;
  if (unpooled) return unpooled;
  if (!pooled) return null;
  return URL.canParse(pooled) ? withoutPooler(new URL(pooled)).href : pooled;
}

function withoutPooler(url: URL): URL {
  const [endpoint = "", ...domain] = url.hostname.split(".");
  url.hostname = [endpoint.replace(/-pooler$/, ""), ...domain].join(".");
  return url;
}
