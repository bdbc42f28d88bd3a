import { sql } from "drizzle-orm";
import {
  DASHBOARD_DAYS,
  DASHBOARD_LIST_SIZE,
  DASHBOARD_POSTPONED_MAX,
  DASHBOARD_SAMPLE_MAX,
  DASHBOARD_TAGS_MAX,
} from "../db/limits";
import type { Scope } from "../db/scope";
import { readFound, type Found } from "./found";
import type { Dashboard } from "./types";

/**
 * The dashboard of the person who asks, in one statement. Days and weeks are those of their time zone and their
 * settings. It is computed when something changed and kept until something does; see drizzle/0010_dashboards.sql.
 */
export async function getDashboard(scope: Scope): Promise<Dashboard> {
  const found = await scope.call<Found>(
    "dashboard.getDashboard",
    (before) =>
      sql`app.read_dashboard(${before}, ${DASHBOARD_LIST_SIZE}, ${DASHBOARD_DAYS}, ${DASHBOARD_SAMPLE_MAX},
        ${DASHBOARD_TAGS_MAX}, ${DASHBOARD_POSTPONED_MAX})`,
  );
  return readFound(found, await scope.actor());
}
