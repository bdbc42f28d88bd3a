import { AuthError, CredentialsSignin } from "@auth/core/errors";
import type { NextAuthConfig } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { Refused } from "../db/errors";
import type { RequestContext } from "../db/scope";
import type { Failure } from "../result";
import { authAdapter } from "./adapter";
import { returnCookieName, SESSION_COOKIE_SECONDS, sessionCookieName, sessionCookieOptions } from "./cookie";
import { signInInput } from "./input";
import { safeNext } from "./safe-next";
import { startSession } from "./sessions";
import { checkCredentials } from "./sign-in";
import type { System } from "./system";

/** A sign-in that was refused; carries the sentence for the person. Its `code` is all that a URL ever tells. */
export class SignInRefused extends CredentialsSignin {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super();
    this.failure = failure;
    this.code = failure.code;
  }
}

/**
 * How Auth.js works here, for one request.
 *
 * Sessions are rows. With Credentials, Auth.js would make a JWT; as long as `session.strategy` is not set, giving an
 * adapter and an `encode` of our own makes it keep sessions in the database for this provider too.
 * @param origin the site's own, from configuration
 */
export function authConfig(system: System, context: RequestContext, origin: string): NextAuthConfig {
  const secure = origin.startsWith("https:");
  return {
    secret: system.secret,
    basePath: "/api/auth",
    // Safe because AUTH_URL is always set (next-auth.ts): the Host header decides nothing.
    trustHost: true,
    adapter: authAdapter(system.db, context),
    // The cookie's life. The row's is shorter, and decides.
    session: { maxAge: SESSION_COOKIE_SECONDS },
    cookies: {
      sessionToken: { name: sessionCookieName(secure), options: sessionCookieOptions(secure) },
      callbackUrl: { name: returnCookieName(secure), options: sessionCookieOptions(secure) },
    },
    pages: { signIn: "/sign-in", signOut: "/", error: "/sign-in", verifyRequest: "/sign-in" },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        // Everybody can post here (/api/auth/callback/credentials), so the limits are inside.
        async authorize(credentials) {
          const input = signInInput.safeParse(credentials);
          if (!input.success) throw new CredentialsSignin();
          const result = await checkCredentials(system, input.data, context);
          if (!result.ok) throw new SignInRefused(result);
          return result.data;
        },
      }),
    ],
    callbacks: {
      redirect: ({ url, baseUrl }) => new URL(safeNext(url), baseUrl).href,
    },
    jwt: {
      async encode({ token }) {
        const { sub: userId, email } = token ?? {};
        if (userId === undefined || typeof email !== "string") throw new Error("Nobody has signed in.");
        return startSession(system, { userId, email, context });
      },
      decode: () => null,
    },
    logger: { error: logError },
  };
}

/** Wrong passwords are not the server's errors, and causes can hold SQL with its parameters: the log gets neither. */
function logError(error: Error): void {
  if (error instanceof CredentialsSignin) return;
  const refusal = refusalIn(error);
  const name = error instanceof AuthError ? error.type : error.name;
  console.error(`auth: ${name}${refusal === null ? "" : `: ${refusal.failure.code}`}`);
}

/** The refusal that Auth.js wrapped into an error of its own, if there is one. */
export function refusalIn(error: unknown): Refused | null {
  for (let inner = error; inner instanceof Error; inner = causeOf(inner)) {
    if (inner instanceof Refused) return inner;
  }
  return null;
}

/** Auth.js puts the cause into `cause.err`. */
function causeOf({ cause }: Error): unknown {
  return typeof cause === "object" && cause !== null && "err" in cause ? cause.err : cause;
}
