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

/** What follows the name of a function that gives the dashboard. */
export const DASHBOARD_LIMITS = `(${DASHBOARD_LIST_SIZE}, ${DASHBOARD_DAYS}, ${DASHBOARD_SAMPLE_MAX},
  ${DASHBOARD_TAGS_MAX}, ${DASHBOARD_POSTPONED_MAX})`;

/** Reads the dashboard, which is kept from then on, and expects it to be the one that is computed beside it. */
export async function expectKeptToBeComputed(scope: Scope): Promise<Dashboard> {
  const [kept, [{ rows }], actor] = await Promise.all([
    getDashboard(scope),
    scope.run("tests.computeDashboard", [
      scope.db.execute<{ found: Found }>(
        sql`select app.compute_dashboard${sql.raw(DASHBOARD_LIMITS)} as found`,
      ),
    ]),
    scope.actor(),
  ]);
  const [computed] = rows;
  expect(kept).toEqual(computed && readFound(computed.found, actor));
  return kept;
}
