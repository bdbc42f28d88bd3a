import { cookies, headers } from "next/headers";
import { cache } from "react";
import { sessionCookieName } from "./auth/cookie";
import { hashToken } from "./auth/token";
import { appDb } from "./db/client";
import { USER_AGENT_MAX } from "./db/limits";
import { createScope, type RequestContext, type Scope } from "./db/scope";
import { commandIdOf } from "./command-id";
import { siteOrigin } from "./env";

/**
 * The scope of the page that is being rendered: the same one for its layout, its page and its metadata, so that all
 * they read in one tick is one request to the database.
 */
export const requestScope = cache(() => commandScope(undefined));

/**
 * The scope of a request that does something.
 * @param key what the browser calls the command by, as it came; undefined for a command of its own
 */
export async function commandScope(key: unknown): Promise<Scope> {
  const token = (await cookies()).get(sessionCookieName(siteOrigin().startsWith("https:")))?.value;
  const tokenHash = token ? hashToken(token) : null;
  const context = await requestContext();
  const commandId = tokenHash === null ? undefined : commandIdOf(key, tokenHash, context.now);
  return createScope({ databases: appDb(), tokenHash, context, commandId });
}

/** Where the request comes from, for the audit rows and the limits on attempts. */
export async function requestContext(): Promise<RequestContext> {
  const list = await headers();
  return {
    now: new Date(),
    // The platform writes this header; its first address is the client's.
    ip: list.get("x-forwarded-for")?.split(",")[0]?.trim().slice(0, 45),
    userAgent: list.get("user-agent")?.slice(0, USER_AGENT_MAX),
  };
}
