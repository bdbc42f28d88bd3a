import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { USER_AGENT_MAX } from "../limits";
import { baseColumns, instant } from "./columns";
import { users } from "./users";

/** One signed-in browser. The cookie carries an opaque token; only its SHA-256 is here, so a copy of this table opens nothing. */
export const sessions = pgTable(
  "sessions",
  {
    ...baseColumns(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** SHA-256 of the cookie's token, lower-case hex. */
    tokenHash: text("token_hash").notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    /** Moved by app.enter at most every five minutes. */
    lastSeenAt: instant("last_seen_at")
      .notNull()
      .default(sql`now()`),
    ip: text("ip"),
    userAgent: text("user_agent"),
  },
  (table) => [
    uniqueIndex("sessions_token_hash_key").on(table.tokenHash),
    index("sessions_user_id_index").on(table.userId),
    check("sessions_token_hash_check", sql`${table.tokenHash} ~ '^[0-9a-f]{64}$'`),
    check(
      "sessions_user_agent_check",
      sql`char_length(${table.userAgent}) <= ${sql.raw(String(USER_AGENT_MAX))}`,
    ),
  ],
);
