import { type Client, DatabaseError } from "pg";
import { hashPassword } from "../../lib/auth/passwords";
import { isTimeZone } from "../../lib/settings/time-zones";
import { withConnection } from "../connection";
import { rebuildKept } from "./crowd/structure";
import { buildDemo } from "./demo-history";
import type { DemoEvent, Row, Table } from "./demo-ledger";
import { SeedError } from "./seed-error";

export const DEMO_NAME = "Robin Demo";
export const DEMO_EMAIL = "demo@cairn.example";
export const DEMO_PASSWORD = "cairn-demo-2026";

/** The order that foreign keys ask for. */
const TABLES: readonly Table[] = ["users", "organizations", "memberships", "tags", "todos", "todo_tags"];

export type SeedOptions = {
  /** The owner's URL over TCP. */
  url: string;
  /** What the demo's "today" is; the present by default. */
  now?: Date | undefined;
  /** Robin's time zone (IANA); this machine's by default, so that "today" is the today of whoever looks. */
  timeZone?: string | undefined;
};

/**
 * Makes the demo person with about 200 todos and two months of history, all or nothing. Does nothing when there is
 * one already.
 * @returns how many todos there are, or null when the demo person was there
 */
export async function seedDemo({
  url,
  now = new Date(),
  timeZone = thisTimeZone(),
}: SeedOptions): Promise<{ todos: number } | null> {
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  const demo = buildDemo({ now, timeZone, person: { email: DEMO_EMAIL, name: DEMO_NAME, passwordHash } });
  return withConnection(url, async (client) => {
    try {
      await client.query("begin");
      if (!(await insertPast(client, demo.rows))) return null;
      await insertHistory(client, demo.events);
      await client.query("commit");
    } catch (error) {
      throw error instanceof DatabaseError && error.code === "42P01" // no such table
        ? new SeedError("The database is not migrated; run pnpm db:migrate up first.", { cause: error })
        : error;
    }
    // Counts and plans are right from the first page on, without waiting for autovacuum.
    await client.query("vacuum (analyze) users, todos, tags, todo_tags, audit_logs");
    return { todos: demo.rows.todos.length };
  }); // The end of the connection undoes what was not committed.
}

/** This machine's time zone; UTC where it has one that nobody else knows ("Etc/Unknown"). */
function thisTimeZone(): string {
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isTimeZone(name) ? name : "UTC";
}

/**
 * Inserts the rows as they are after two months. The triggers are off in this transaction, because all of that would
 * be remembered as having happened now; but for the one that keeps the words of todos. False when the demo person is there already.
 */
async function insertPast(client: Client, rows: Record<Table, Row[]>): Promise<boolean> {
  // One seed at a time, and no table is locked only to find that there is nothing to do.
  await client.query("select pg_advisory_xact_lock(hashtextextended('cairn.seed', 0))");
  const { rowCount: present } = await client.query("select from users where email = $1", [DEMO_EMAIL]);
  if (present !== 0) return false;
  for (const table of TABLES) await client.query(`alter table ${table} disable trigger user`);
  await client.query("alter table todos enable trigger keep_search");
  for (const table of TABLES) {
    const columns = Object.keys(rows[table][0] ?? {}).join(", ");
    await client.query(
      `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(rows[table])],
    );
  }
  for (const table of TABLES) await client.query(`alter table ${table} enable trigger user`);
  // What the triggers would have kept.
  await rebuildKept(client);
  return true;
}

/** Writes the audit log with the function that the triggers use, so that it looks as if they had. */
async function insertHistory(client: Client, events: DemoEvent[]): Promise<void> {
  await client.query(
    `insert into audit_logs (id, created_at, organization_id, user_id, session_id, command_id,
                             entity_type, entity_id, action, changes)
     select event.id, event.at, entry.organization_id, person.id, event.session_id, event.command_id,
            entry.entity_type, entry.entity_id, entry.action, entry.changes
       from jsonb_to_recordset($1) as event (
              id uuid, at timestamptz, command_id uuid, session_id uuid, entity text, before jsonb, after jsonb)
       cross join (select id from users where email = $2) person
       cross join lateral app.audit_entry(event.entity, event.before, event.after, '{}') entry`,
    [JSON.stringify(events), DEMO_EMAIL],
  );
}
