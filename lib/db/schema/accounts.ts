import { pgTable, text, uniqueIndex, uuid, index } from "drizzle-orm/pg-core";
import { baseColumns } from "./columns";
import { users } from "./users";

/** A way to sign in through somebody else. The provider's tokens are not kept: Cairn only needs to know who it is. */
export const accounts = pgTable(
  "accounts",
  {
    ...baseColumns(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    type: text("type").notNull(),
    provider: text("provider").notNull(),
    providerAccountId: text("provider_account_id").notNull(),
  },
  (table) => [
    uniqueIndex("accounts_provider_key").on(table.provider, table.providerAccountId),
    index("accounts_user_id_index").on(table.userId),
  ],
);
