import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/** {field: [before, after]}; null stands for "was not there". */
export type Changes = Record<string, [unknown, unknown]>;

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
    index("audit_logs_user_id_index").on(table.userId, table.id),
    index("audit_logs_entity_id_index").on(table.entityId, table.id),
  ],
);
