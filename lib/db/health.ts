import { sql } from "drizzle-orm";
import { sendBatch } from "./batch";
import { appDb } from "./client";

/** Whether the database answers the role that people's requests run as. One request; never throws. */
export async function databaseAnswers(): Promise<boolean> {
  try {
    const { readCommitted } = appDb();
    await sendBatch(readCommitted, [{ name: "health", statement: readCommitted.execute(sql`select 1`) }]);
    return true;
  } catch {
    return false;
  }
}
