import { sql } from "drizzle-orm";
import { runBatch } from "../db/batch";
import type { Database } from "../db/client";
import { newId } from "../db/id";
import { users, type Preferences } from "../db/schema/users";
import type { RequestContext } from "../db/scope";
import { personalOrganizationStatements } from "../organizations/repository";
import { fail, ok, type Result } from "../result";
import type { SignUp } from "./input";
import {
  attemptOf,
  countAttempts,
  minutesToWait,
  networkOf,
  SIGN_UP_PER_ADDRESS,
  sweepAttempts,
  waitMessage,
} from "./limits";
import { hashPassword } from "./passwords";
import { newSession, sessionStatements } from "./sessions";
import { actAs, type System } from "./system";

export type NewPerson = {
  id: string;
  name: string;
  email: string;
  passwordHash: string | null;
  avatarUrl?: string | null;
  emailVerifiedAt?: Date | null;
  preferences?: Preferences;
};

/** The statements that write a person and their personal organization: there is never one without the other. */
export function personStatements(db: Database, person: NewPerson) {
  const { email, ...rest } = person;
  return [
    db.insert(users).values({ ...rest, email: sql`lower(${email})` }),
    ...personalOrganizationStatements(db, {
      userId: person.id,
      name: person.name,
      organizationId: newId(),
      membershipId: newId(),
    }),
  ] as const;
}

/**
 * Makes an account and signs it in: the person, their organization, the session and the audit rows in one transaction,
 * after the attempt was counted in one of its own. Two requests. Gives the token for the cookie.
 * Failures: limited. Throws Refused: invalid (the e-mail address is taken), unavailable.
 */
export async function signUpPerson(
  { db, secret }: System,
  input: Omit<SignUp, "next">,
  context: RequestContext,
): Promise<Result<{ token: string }>> {
  const attempts = [attemptOf(SIGN_UP_PER_ADDRESS, networkOf(context.ip), secret)];
  const [counted] = await runBatch(db, "auth.signUpPerson.attempt", [
    countAttempts(db, attempts),
    sweepAttempts(db),
  ]);
  const minutes = minutesToWait(attempts, counted);
  if (minutes > 0) return fail("limited", { message: waitMessage(minutes) });

  const { name, email, password, timeZone } = input;
  const session = newSession(newId(), context);
  const passwordHash = await hashPassword(password);
  const preferences = timeZone === undefined ? {} : { timeZone };
  await runBatch(db, "auth.signUpPerson", [
    actAs(db, session),
    ...personStatements(db, { id: session.userId, name, email, passwordHash, preferences }),
    ...sessionStatements(db, session),
  ]);
  return ok({ token: session.token });
}
