import { z } from "zod";

/**
 * The only reader of process.env in app/ and lib/. Checked once, when the server starts; a missing or malformed
 * variable is named in one sentence.
 */
const Environment = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// URL" }),
  NEON_HTTP_ENDPOINT: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }).optional(),
  AUTH_SECRET: z.string().min(32, { error: "must have at least 32 characters" }),
  AUTH_URL: z.url({ protocol: /^https?$/, error: "must be the site's own http(s) URL" }).optional(),
  CRON_SECRET: z.string().min(16, { error: "must have at least 16 characters" }).optional(),
  SLOW_QUERY_MS: z
    .stringFormat("milliseconds", /^\d{1,9}$/, { error: "must be a number of milliseconds" })
    .transform(Number)
    .default(200),
  VERCEL_URL: z.string().min(1).optional(),
});

export type Environment = Readonly<z.infer<typeof Environment>>;

let cached: Environment | undefined;

/** The checked environment. Throws one sentence that names every wrong variable, never its value. */
export function env(): Environment {
  cached ??= readEnvironment(process.env);
  return cached;
}

/** Checks a set of variables; empty ones count as absent, as .env files leave them. */
export function readEnvironment(variables: Record<string, string | undefined>): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    throw new Error(`The environment is not complete: ${problems.join("; ")}.`);
  }
  return parsed.data;
}

/** The site's own origin, from configuration and never from a request's Host header. */
export function siteOrigin(environment: Environment = env()): string {
  const url =
    environment.AUTH_URL ??
    (environment.VERCEL_URL ? `https://${environment.VERCEL_URL}` : "http://localhost:3000");
  return new URL(url).origin;
}
