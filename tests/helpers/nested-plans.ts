import { Client } from "pg";
import { inject } from "vitest";
import { readLoggedPlan, type PlanNode } from "@/scripts/explain/plan";
import type { TestDatabase } from "./database";

/** A statement inside of a function, as it ran. */
export type NestedPlan = { query: string; nodes: PlanNode[] };

/**
 * The plans of the statements inside of a function, which EXPLAIN does not show: auto_explain writes them down while
 * app_user runs the function behind app.enter. The second run is the one that is told, with the plans that the
 * connection keeps.
 * @param call what follows "select"
 */
export async function nestedPlans(
  database: TestDatabase,
  { tokenHash }: { tokenHash: string },
  call: string,
): Promise<NestedPlan[]> {
  const url = new URL(inject("server").superuserUrl);
  url.pathname = `/${database.name}`;
  const client = new Client({ connectionString: url.href });
  const plans: NestedPlan[] = [];
  client.on("notice", ({ message = "" }) => {
    const [, json] = /^duration: [\d.]+ ms {2}plan:\n([^]+)$/.exec(message) ?? [];
    if (json !== undefined) plans.push(readLoggedPlan(json));
  });
  await client.connect();
  try {
    await client.query("load 'auto_explain'");
    await client.query(`set auto_explain.log_nested_statements = on; set auto_explain.log_analyze = on;
      set auto_explain.log_buffers = on; set auto_explain.log_format = json; set auto_explain.log_level = notice`);
    await client.query("set session authorization app_user");
    await client.query("begin");
    await client.query("select from app.enter($1, '{}')", [tokenHash]);
    await client.query(`select ${call}`);
    await client.query("reset session authorization");
    await client.query("set auto_explain.log_min_duration = 0");
    await client.query("set session authorization app_user");
    plans.length = 0;
    await client.query(`select ${call}`);
  } finally {
    await client.end();
  }
  return plans.filter(({ query }) => query !== `select ${call}`);
}
