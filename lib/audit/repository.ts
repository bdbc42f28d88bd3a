import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import { isId } from "../db/id";
import { PAGE_SIZE } from "../db/limits";
import { auditLogs } from "../db/schema/audit-logs";
import { organizations } from "../db/schema/organizations";
import { tags } from "../db/schema/tags";
import { todos } from "../db/schema/todos";
import { users } from "../db/schema/users";
import type { Scope } from "../db/scope";
import type { ActivityEntry } from "./types";

export { revertField } from "./revert";
export { undoCommand } from "./undo";

const HISTORY_MAX = 100;

/**
 * What the person who asks did, everywhere, newest first, in pages of 50.
 * @param input.cursor the nextCursor of the page before; one that is none means the first page
 */
export async function listActivity(
  scope: Scope,
  input: { cursor?: string | undefined } = {},
): Promise<{ entries: ActivityEntry[]; nextCursor: string | null }> {
  const [rows] = await scope.run("audit.listActivity", [
    entries(scope)
      .where(
        and(
          eq(auditLogs.userId, sql`(select app.user_id())`),
          isId(input.cursor) ? lt(auditLogs.id, input.cursor) : undefined,
        ),
      )
      .orderBy(desc(auditLogs.id))
      .limit(PAGE_SIZE + 1),
  ]);
  const page = rows.slice(0, PAGE_SIZE);
  return { entries: page, nextCursor: rows.length > PAGE_SIZE ? (page.at(-1)?.id ?? null) : null };
}

/** What happened to a todo, by whomever, newest first, the latest 100; nothing for a todo that is not theirs. */
export async function getHistory(scope: Scope, todoId: string): Promise<ActivityEntry[]> {
  if (!isId(todoId)) return [];
  const [rows] = await scope.run("audit.getHistory", [
    entries(scope)
      .where(and(eq(auditLogs.entityId, todoId), eq(auditLogs.entityType, "todo")))
      .orderBy(desc(auditLogs.id))
      .limit(HISTORY_MAX),
  ]);
  return rows;
}

function entries({ db }: Scope) {
  // What is gone is called what it was called when it was deleted for ever.
  const lastTitle = sql`(
    select coalesce(gone.changes #>> '{title,0}', gone.changes #>> '{name,0}') from audit_logs gone
     where gone.entity_id = ${auditLogs.entityId} and gone.action in ('purge', 'delete')
     order by gone.id desc limit 1)`;
  return db
    .select({
      id: auditLogs.id,
      at: auditLogs.createdAt,
      actorName: users.name,
      mine: sql<boolean>`${auditLogs.userId} is not distinct from (select app.user_id())`,
      entityType: auditLogs.entityType,
      entityId: auditLogs.entityId,
      title: sql<
        string | null
      >`case when ${isEntity("todo", "tag", "organization", "membership")} then coalesce(${todos.title}, ${tags.name}, ${organizations.name}, ${lastTitle}) end`,
      action: auditLogs.action,
      changes: auditLogs.changes,
    })
    .from(auditLogs)
    .leftJoin(users, eq(users.id, auditLogs.userId))
    .leftJoin(todos, and(isEntity("todo"), eq(todos.id, auditLogs.entityId)))
    .leftJoin(tags, and(isEntity("tag"), eq(tags.id, auditLogs.entityId)))
    .leftJoin(
      organizations,
      and(isEntity("organization", "membership"), eq(organizations.id, auditLogs.organizationId)),
    );
}

function isEntity(...types: string[]) {
  return inArray(auditLogs.entityType, types);
}
