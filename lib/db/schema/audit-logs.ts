import { sql, type SQL, type SQLWrapper } from "drizzle-orm";
import { index, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/** {field: [before, after]}; null stands for "was not there". */
export type Changes = Record<string, [unknown, unknown]>;

/**
 * The command that an entry belongs to; one that no request made is a command by itself. Both ids are UUIDv7, so that
 * commands sort by time. A CASE, because an index is only searched by leakproof expressions under row-level security,
 * and COALESCE is none. Indexes are matched by this very expression.
 */
export function commandOrEntry(table: { commandId: SQLWrapper; id: SQLWrapper }): SQL {
  return sql`(case when ${table.commandId} is null then ${table.id} else ${table.commandId} end)`;
}

/**
 * Who changed what, written by triggers in the change's own transaction. Append-only. It refers to other rows by id
 * without foreign keys, because it outlives them.
 */
export const auditLogs = pgTable(
  "audit_logs",
  {
    id: uuid("id")
      .primaryKey()
      .default(sql`app.uuid_v7()`),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`now()`),
    organizationId: uuid("organization_id"),
    /** Who did it; null when Cairn itself did. */
    userId: uuid("user_id"),
    sessionId: uuid("session_id"),
    /** Groups everything that one request did. */
    commandId: uuid("command_id"),
    entityType: text("entity_type").notNull(),
    entityId: uuid("entity_id").notNull(),
    action: text("action").notNull(),
    changes: jsonb("changes").$type<Changes>().notNull(),
    ip: text("ip"),
    userAgent: text("user_agent"),
  },
  (table) => [
    index("audit_logs_command_index").on(table.userId, commandOrEntry(table), table.id),
    index("audit_logs_entity_id_index").on(table.entityId, table.id),
  ],
);
