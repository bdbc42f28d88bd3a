import { eq } from "drizzle-orm";
import { runBatch } from "../db/batch";
import { users } from "../db/schema/users";
import type { RequestContext } from "../db/scope";
import { fail, ok, type Result } from "../result";
import type { SignIn } from "./input";
import {
  attemptOf,
  countAttempts,
  minutesToWait,
  networkOf,
  SIGN_IN_PER_ACCOUNT,
  SIGN_IN_PER_ADDRESS,
  sweepAttempts,
  waitMessage,
} from "./limits";
import { verifyPassword } from "./passwords";
import { type System } from "./system";

export const WRONG_CREDENTIALS = "The e-mail address or the password is wrong.";

/** Who signed in: what the session is made for. */
export type SignedIn = { id: string; email: string; name: string };

/**
 * Checks an e-mail address and a password. The attempt is counted before it is looked at, in a transaction of its own;
 * an unknown address, an account without a password and one that is not active take the same time and get the same
 * answer as a wrong password. One request.
 * Failures: invalid, limited. Throws Refused when the database is not there.
 */
export async function checkCredentials(
  { db, secret }: System,
  { email, password }: Pick<SignIn, "email" | "password">,
  context: RequestContext,
): Promise<Result<SignedIn>> {
  const attempts = [
    attemptOf(SIGN_IN_PER_ACCOUNT, email, secret),
    attemptOf(SIGN_IN_PER_ADDRESS, networkOf(context.ip), secret),
  ];
  const [counted, [user]] = await runBatch(db, "auth.checkCredentials", [
    countAttempts(db, attempts),
    db
      .select({
        id: users.id,
        email: users.email,
        name: users.name,
        status: users.status,
        passwordHash: users.passwordHash,
      })
      .from(users)
      .where(eq(users.email, email)),
    sweepAttempts(db),
  ]);
  const minutes = minutesToWait(attempts, counted);
  if (minutes > 0) return fail("limited", { message: waitMessage(minutes) });

  const usable = user?.status === "active" ? user.passwordHash : null;
  const right = await verifyPassword(password, usable);
  if (!right || user === undefined) return fail("invalid", { fields: { password: [WRONG_CREDENTIALS] } });
  return ok({ id: user.id, email: user.email, name: user.name });
}
