import type { Client } from "pg";
import { hashToken, newToken } from "../../lib/auth/token";
import { openAppDatabases, type AppDatabases } from "../../lib/db/client";
import { newId } from "../../lib/db/id";
import type { Memory } from "../../lib/db/memory";
import { createScope, type Scope } from "../../lib/db/scope";
import { HEAVY_EMAIL } from "../seed/crowd/people";
import type { BenchDatabase } from "./databases";

/** A signed-in person of the data, and what operations are made ready with. */
export type BenchPerson = {
  name: "ordinary" | "heavy";
  userId: string;
  organizationId: string;
  /** What the session's cookie carries. */
  token: string;
  todos: number;
  /** The scope of a new request of theirs, in a process that remembers what it has read before, or this. */
  scope: (memory?: Memory) => Scope;
  databases: AppDatabases;
  /** Connected as the owner, for making ready. */
  owner: Client;
};

/** How many todos an ordinary person has: a thousand, and a few in the trash. */
const ORDINARY_TODOS = 1050;

/** Signs in the person who has the most, and the one who has about a thousand todos. */
export async function signInPeople(database: BenchDatabase, owner: Client): Promise<BenchPerson[]> {
  const databases = openAppDatabases({ ...database, databaseUrl: database.url });
  const { rows } = await owner.query<{
    email: string;
    userId: string;
    organizationId: string;
    todos: number;
  }>(
    `select u.email, u.id as "userId", o.id as "organizationId", t.todos::int
       from users u join organizations o on o.personal_user_id = u.id
       join (select user_id, count(*) as todos from todos group by 1) t on t.user_id = u.id
      order by u.email = $1 desc, abs(t.todos - $2), u.id limit 2`,
    [HEAVY_EMAIL, ORDINARY_TODOS],
  );
  const people: BenchPerson[] = [];
  for (const { email, ...row } of rows) {
    const token = newToken();
    const tokenHash = hashToken(token);
    await owner.query(
      "insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 day')",
      [newId(), row.userId, tokenHash],
    );
    people.push({
      name: email === HEAVY_EMAIL ? "heavy" : "ordinary",
      ...row,
      token,
      databases,
      owner,
      scope: (memory) =>
        createScope({ databases, tokenHash, context: { now: new Date() }, ...(memory && { memory }) }),
    });
  }
  return people.toReversed();
}
