import { and, eq, inArray, sql } from "drizzle-orm";
import { auditLogs, commandOrEntry } from "../db/schema/audit-logs";
import { organizations } from "../db/schema/organizations";
import { tags } from "../db/schema/tags";
import { todos } from "../db/schema/todos";
import { users } from "../db/schema/users";
import type { Scope } from "../db/scope";

/** The command that an entry belongs to. */
export const command = commandOrEntry(auditLogs);

/** The log's entries, as types.ts describes them, with what their things are called now. */
export function entries({ db }: Scope) {
  // What is gone is called what it was called when it was deleted for ever.
  const lastTitle = sql`(
    select coalesce(gone.changes #>> '{title,0}', gone.changes #>> '{name,0}') from audit_logs gone
     where gone.entity_id = ${auditLogs.entityId} and gone.action in ('purge', 'delete')
     order by gone.id desc limit 1)`;
  return db
    .select({
      id: auditLogs.id,
      commandId: sql<string>`${command}`,
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
