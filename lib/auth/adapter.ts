import type { Adapter, AdapterAccountType } from "@auth/core/adapters";
import { DrizzleAdapter } from "@auth/drizzle-adapter";
import { pgTable, text, uuid } from "drizzle-orm/pg-core";
import { runBatch } from "../db/batch";
import type { Database } from "../db/client";
import { newId } from "../db/id";
import { PERSON_NAME_MAX } from "../db/limits";
import { instant } from "../db/schema/columns";
import type { RequestContext } from "../db/scope";
import { normaliseEmail } from "./input";
import { endSession, livingSession, newSession, sessionStatements } from "./sessions";
import { personStatements } from "./sign-up";
import { actAs } from "./system";
import { hashToken } from "./token";

// Our tables in the words of @auth/drizzle-adapter, which finds columns by their property names. Only what it may touch
// is here: no password hash to read, no place for a provider's tokens, and ids are made as everywhere else.
const ownId = () =>
  uuid("id")
    .primaryKey()
    .$defaultFn(() => newId());
const tables = {
  usersTable: pgTable("users", {
    id: ownId(),
    name: text("name").notNull(),
    email: text("email").notNull(),
    emailVerified: instant("email_verified_at"),
    image: text("avatar_url"),
  }),
  accountsTable: pgTable("accounts", {
    id: ownId(),
    userId: uuid("user_id").notNull(),
    type: text("type").$type<AdapterAccountType>().notNull(),
    provider: text("provider").notNull(),
    providerAccountId: text("provider_account_id").notNull(),
  }),
  verificationTokensTable: pgTable("verification_tokens", {
    id: ownId(),
    identifier: text("identifier").notNull(),
    token: text("token_hash").notNull(),
    expires: instant("expires_at").notNull(),
  }),
};

/**
 * What Auth.js keeps in our database: @auth/drizzle-adapter for people, linked accounts and mailed links, wrapped so
 * that secrets are stored as SHA-256 only, and our own sessions, by the rules of app.enter.
 * @param context where the request comes from, for the session's row and the audit rows
 */
export function authAdapter(db: Database, context: RequestContext) {
  // The parameter's type asks for columns of providers' tokens too; the code only writes the columns that there are. The
  // result's type knows every method as optional; the PostgreSQL adapter has them all.
  const base = DrizzleAdapter(
    db,
    tables as unknown as Parameters<typeof DrizzleAdapter<Database>>[1],
  ) as Required<Adapter>;
  return {
    getUser: (id) => base.getUser(id),
    getUserByAccount: (account) => base.getUserByAccount(account),
    getUserByEmail: (email) => base.getUserByEmail(normaliseEmail(email)),
    updateUser: ({ id, emailVerified }) => base.updateUser({ id, emailVerified: emailVerified ?? null }),

    async createUser({ email, name, emailVerified, image }) {
      const person = {
        id: newId(),
        email: normaliseEmail(email),
        name: Array.from(name?.trim() || email)
          .slice(0, PERSON_NAME_MAX)
          .join(""),
        passwordHash: null,
        emailVerifiedAt: emailVerified,
        avatarUrl: image ?? null,
      };
      await runBatch(db, "auth.createUser", personStatements(db, person));
      return {
        id: person.id,
        email: person.email,
        name: person.name,
        emailVerified,
        image: person.avatarUrl,
      };
    },

    async linkAccount({ userId, type, provider, providerAccountId }) {
      await base.linkAccount({ userId, type, provider, providerAccountId });
    },

    async createSession({ userId, expires }) {
      const session = newSession(userId, context);
      await runBatch(db, "auth.createSession", [actAs(db, session), ...sessionStatements(db, session)]);
      return { userId, expires, sessionToken: session.token };
    },
    async getSessionAndUser(token) {
      const [[found]] = await runBatch(db, "auth.getSessionAndUser", [livingSession(db, token)]);
      return found ? { user: found.user, session: { ...found.session, sessionToken: token } } : null;
    },
    // app.enter moves the end of a session in use, and never beyond its last day.
    updateSession: () => null,
    async deleteSession(token) {
      await endSession({ db }, token, context);
    },

    async createVerificationToken({ identifier, token, expires }) {
      await base.createVerificationToken({
        identifier: normaliseEmail(identifier),
        token: hashToken(token),
        expires,
      });
      return { identifier, token, expires };
    },
    async useVerificationToken({ identifier, token }) {
      const used = await base.useVerificationToken({
        identifier: normaliseEmail(identifier),
        token: hashToken(token),
      });
      return used ? { identifier, token, expires: used.expires } : null;
    },
  } satisfies Adapter;
}
