import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { readFound, type Found } from "@/lib/dashboard/found";
import { getDashboard } from "@/lib/dashboard/repository";
import type { Dashboard } from "@/lib/dashboard/types";
import {
  DASHBOARD_DAYS,
  DASHBOARD_LIST_SIZE,
  DASHBOARD_POSTPONED_MAX,
  DASHBOARD_SAMPLE_MAX,
  DASHBOARD_TAGS_MAX,
} from "@/lib/db/limits";
import type { Scope } from "@/lib/db/scope";

const LIMITS = `${DASHBOARD_LIST_SIZE}, ${DASHBOARD_DAYS}, ${DASHBOARD_SAMPLE_MAX}, ${DASHBOARD_TAGS_MAX},
  ${DASHBOARD_POSTPONED_MAX}`;
/** The call that gives the dashboard anew. */
export const COMPUTE_DASHBOARD = `app.compute_dashboard(${LIMITS})`;
/** The one that gives what is kept, behind a null: [etag, answer], or null to whoever knows the etag. */
export const readDashboard = (known: string) => `app.tell_dashboard('null', ${LIMITS}, '${known}')`;
export const READ_DASHBOARD = readDashboard("");
/** Its etag. */
export const DASHBOARD_ETAG = `format('[%s]', ${READ_DASHBOARD})::json -> 1 ->> 0`;
/** What that finds, as JSON. */
export const FOUND_DASHBOARD = `format('[%s]', ${READ_DASHBOARD})::json -> 1 -> 1`;

/**
 * Reads the dashboard, which is kept from then on, and beside it the one that is computed now. What this process remembers
 * must be what is kept.
 */
export async function keptAndComputed(scope: Scope): Promise<{ kept: Dashboard; computed: Dashboard }> {
  const [kept, [{ rows }], actor] = await Promise.all([
    getDashboard(scope),
    scope.run("tests.computeDashboard", [
      scope.db.execute<{ found: Found; kept: Found }>(
        sql`select ${sql.raw(COMPUTE_DASHBOARD)} as found, ${sql.raw(FOUND_DASHBOARD)} as kept`,
      ),
    ]),
    scope.actor(),
  ]);
  if (rows[0] === undefined) throw new Error("The dashboard gave no row");
  expect(kept).toEqual(readFound(rows[0].kept, actor));
  return { kept, computed: readFound(rows[0].found, actor) };
}

/** Expects both to be the same, and gives it. */
export async function expectKeptToBeComputed(scope: Scope): Promise<Dashboard> {
  const { kept, computed } = await keptAndComputed(scope);
  expect(kept).toEqual(computed);
  return kept;
}
