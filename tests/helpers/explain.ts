import { sql } from "drizzle-orm";
import type { Scope } from "@/lib/db/scope";
import { type Plan, readPlan } from "@/scripts/explain/plan";
import { recordStatements } from "@/scripts/explain/record";

export type { Plan, PlanNode } from "@/scripts/explain/plan";

/**
 * Runs what a repository function asks for under EXPLAIN ANALYZE, as app_user, with its own parameters, behind
 * app.enter: the very plans that people's requests get. Unlike `pnpm db:explain`, by the app's own driver.
 */
export async function explain(scope: Scope, work: (scope: Scope) => Promise<unknown>): Promise<Plan[]> {
  const recorded = await recordStatements(scope, work);
  const plans = await scope.run(
    "explain",
    recorded.map((one) => scope.db.execute(sql`explain (analyze, buffers, format json) ${one.sql}`)),
  );
  return plans.map(({ rows }) => readPlan(rows));
}
