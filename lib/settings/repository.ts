import { eq, sql } from "drizzle-orm";
import { attempt, databaseFault } from "../db/errors";
import { users, type Preferences } from "../db/schema/users";
import type { Scope } from "../db/scope";
import { fail, ok, type Result } from "../result";
import type { Settings } from "./input";

/** invalid_parameter_value: what PostgreSQL says of a time zone that it does not know. */
const UNKNOWN_TIME_ZONE = "22023";

/**
 * Saves the name and the preferences of the person who asks. A time zone that the database does not know is refused:
 * it is there that days are computed.
 */
export function updateSettings(
  scope: Scope,
  input: Settings,
): Promise<Result<{ name: string; preferences: Preferences }>> {
  const { name, ...preferences } = input;
  return attempt(async () => {
    try {
      const [, rows] = await scope.run("settings.updateSettings", [
        scope.db.execute(sql`select now() at time zone ${input.timeZone}`),
        scope.db
          .update(users)
          .set({ name, preferences: sql`${users.preferences} || ${JSON.stringify(preferences)}::jsonb` })
          .where(eq(users.id, sql`(select app.user_id())`))
          .returning({ name: users.name, preferences: users.preferences }),
      ]);
      const [saved] = rows;
      return saved === undefined ? fail("not_found") : ok(saved);
    } catch (error) {
      if (databaseFault(error)?.code !== UNKNOWN_TIME_ZONE) throw error;
      return fail("invalid", {
        fields: { timeZone: ["Choose another time zone: this one is not known here."] },
      });
    }
  });
}
