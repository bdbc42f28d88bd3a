import { hashToken, newToken } from "@/lib/auth/token";
import { openAppDatabases, type AppDatabases } from "@/lib/db/client";
import { newId } from "@/lib/db/id";
import type { Preferences } from "@/lib/db/schema/users";
import { createScope, type Scope } from "@/lib/db/scope";
import type { TestDatabase } from "./database";

/** What of a database people are made with. */
export type PeopleDatabase = Pick<TestDatabase, "sql" | "databaseUrl" | "endpoint" | "authSecret">;

/** A signed-in person with a personal organization. */
export type Person = {
  userId: string;
  /** The personal one. */
  organizationId: string;
  /** What the session's cookie carries. */
  token: string;
  tokenHash: string;
  /** The scope of a new request of theirs; for each request its own, as in the running app. */
  scope: (options?: { now?: Date; commandId?: string }) => Scope;
};

/**
 * Writes a person as the owner: user, organization, membership, session. Their scopes go to `database.endpoint`; to
 * count requests, give the database with a counting proxy's URL instead: `{ ...database, endpoint: proxy.url }`. The
 * driver knows one endpoint per process, so do it for all people of a test file.
 */
export async function createPerson(
  database: PeopleDatabase,
  options: { name?: string; preferences?: Preferences } = {},
): Promise<Person> {
  const { name = "Ada", preferences = {} } = options;
  const [userId, organizationId, token] = [newId(), newId(), newToken()];
  const tokenHash = hashToken(token);
  await database.sql(
    `with person as (
       insert into users (id, email, name, preferences) values ($1, $2, $3, $4)
     ), organization as (
       insert into organizations (id, name, personal_user_id) values ($5, $3, $1)
     ), membership as (
       insert into memberships (id, organization_id, user_id, role) values ($6, $5, $1, 'owner')
     )
     insert into sessions (id, user_id, token_hash, expires_at) values ($7, $1, $8, now() + interval '1 day')`,
    [userId, `${userId}@cairn.example`, name, preferences, organizationId, newId(), newId(), tokenHash],
  );
  const databases = databasesOf(database);
  return {
    userId,
    organizationId,
    token,
    tokenHash,
    scope: ({ now = new Date(), commandId } = {}) =>
      createScope({ databases, tokenHash, context: { now, ip: "192.0.2.1", userAgent: "test" }, commandId }),
  };
}

const opened = new Map<string, AppDatabases>();

function databasesOf({ databaseUrl, endpoint, authSecret }: PeopleDatabase): AppDatabases {
  const key = `${endpoint} ${databaseUrl}`;
  const databases = opened.get(key) ?? openAppDatabases({ databaseUrl, endpoint, authSecret });
  opened.set(key, databases);
  return databases;
}
