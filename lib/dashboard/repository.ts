import {
  DASHBOARD_DAYS,
  DASHBOARD_LIST_SIZE,
  DASHBOARD_POSTPONED_MAX,
  DASHBOARD_SAMPLE_MAX,
  DASHBOARD_TAGS_MAX,
} from "../db/limits";
import type { Call, Scope } from "../db/scope";
import { readFound, type Found } from "./found";
import type { Dashboard } from "./types";

const tellDashboard: Call = {
  function: "tell_dashboard",
  arguments: [
    DASHBOARD_LIST_SIZE,
    DASHBOARD_DAYS,
    DASHBOARD_SAMPLE_MAX,
    DASHBOARD_TAGS_MAX,
    DASHBOARD_POSTPONED_MAX,
  ],
  hasEtag: true,
};

/**
 * The dashboard of the person who asks, in one statement. Days and weeks are those of their time zone and their
 * settings. It is computed when something changed and kept until something does; see drizzle/0010_dashboards.sql. What it
 * gives is given again to others in this process, and is left as it is.
 */
export async function getDashboard(scope: Scope): Promise<Dashboard> {
  const found = await scope.call<Found>("dashboard.getDashboard", tellDashboard);
  return readFound(found, await scope.actor());
}
