import { sql } from "drizzle-orm";
import { appDb } from "./client";

/** Whether the database answers the role that people's requests run as. One request; never throws. */
export async function databaseAnswers(): Promise<boolean> {
  try {
    await appDb().readCommitted.execute(sql`select 1`);
    return true;
  } catch {
    return false;
  }
}
