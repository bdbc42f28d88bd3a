import { sql } from "drizzle-orm";
import { check, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { baseColumns, instant } from "./columns";

/** A link sent by mail, usable once. Only the SHA-256 of its secret is kept. */
export const verificationTokens = pgTable(
  "verification_tokens",
  {
    ...baseColumns(),
    /** The e-mail address that the link was sent to, normalised as users.email. */
    identifier: text("identifier").notNull(),
    tokenHash: text("token_hash").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [
    uniqueIndex("verification_tokens_key").on(table.identifier, table.tokenHash),
    check("verification_tokens_token_hash_check", sql`${table.tokenHash} ~ '^[0-9a-f]{64}$'`),
  ],
);
