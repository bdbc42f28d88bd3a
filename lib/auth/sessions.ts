import { and, eq, gt, isNull, sql, type SQL } from "drizzle-orm";
import { runBatch } from "../db/batch";
import { rateLimits } from "../db/schema/rate-limits";
import { sessions } from "../db/schema/sessions";
import { users } from "../db/schema/users";
import type { Database } from "../db/client";
import { newId } from "../db/id";
import { SESSION_IDLE_DAYS } from "../db/limits";
import type { RequestContext } from "../db/scope";
import { attemptOf, networkOf, SIGN_IN_PER_ACCOUNT, SIGN_IN_PER_ADDRESS } from "./limits";
import { actAs, type System } from "./system";
import { hashToken, newToken } from "./token";

/** A session that is about to be written: its token goes into the cookie, its hash into the row. */
export type NewSession = { sessionId: string; token: string; userId: string; context: RequestContext };

/** Makes the id and the secret of a new session; writes nothing. */
export function newSession(userId: string, context: RequestContext): NewSession {
  return { sessionId: newId(), token: newToken(), userId, context };
}

/** The statements that write a session and note the sign-in. Put `actAs` before them, and the user's own row. */
export function sessionStatements(db: Database, { sessionId, token, userId, context }: NewSession) {
  return [
    db.insert(sessions).values({
      id: sessionId,
      userId,
      tokenHash: hashToken(token),
      expiresAt: sql`now() + make_interval(days => ${SESSION_IDLE_DAYS})`,
      ip: context.ip,
      userAgent: context.userAgent,
    }),
    db
      .update(users)
      .set({ lastLoginAt: sql`now()`, lastActiveAt: sql`now()` })
      .where(eq(users.id, userId)),
  ] as const;
}

/**
 * Signs a person in whose password was right, and forgives the attempt: the account's counter is cleared, and the
 * address gets its one back. One request. Gives the token for the cookie.
 */
export async function startSession(
  { db, secret }: System,
  person: { userId: string; email: string; context: RequestContext },
): Promise<string> {
  const { userId, email, context } = person;
  const session = newSession(userId, context);
  const account = attemptOf(SIGN_IN_PER_ACCOUNT, email, secret);
  const address = attemptOf(SIGN_IN_PER_ADDRESS, networkOf(context.ip), secret);
  await runBatch(db, "auth.startSession", [
    actAs(db, session),
    ...sessionStatements(db, session),
    db.delete(rateLimits).where(eq(rateLimits.key, account.key)),
    db
      .update(rateLimits)
      .set({ count: sql`greatest(${rateLimits.count} - 1, 0)` })
      .where(eq(rateLimits.key, address.key)),
  ]);
  return session.token;
}

/**
 * Deletes a session's row, so that its cookie is dead wherever it lies. Nothing happens when it is gone already.
 * One request.
 */
export async function endSession({ db }: Pick<System, "db">, token: string, context: RequestContext) {
  const tokenHash = hashToken(token);
  const its = (column: SQL) => sql`(select ${column}::text from sessions where token_hash = ${tokenHash})`;
  await runBatch(db, "auth.endSession", [
    actAs(db, { userId: its(sql`user_id`), sessionId: its(sql`id`), context }),
    db.delete(sessions).where(eq(sessions.tokenHash, tokenHash)),
  ]);
}

/** The statement that finds a living session and its person, by the same rules as app.enter. */
export function livingSession(db: Database, token: string) {
  return db
    .select({
      session: { userId: sessions.userId, expires: sessions.expiresAt },
      user: {
        id: users.id,
        email: users.email,
        name: users.name,
        emailVerified: users.emailVerifiedAt,
        image: users.avatarUrl,
      },
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.tokenHash, hashToken(token)),
        gt(sessions.expiresAt, sql`now()`),
        isNull(sessions.revokedAt),
        eq(users.status, "active"),
      ),
    );
}
