import { sql, type SQLWrapper } from "drizzle-orm";
import { z } from "zod";
import type { Scope, Statement } from "@/lib/db/scope";

/** A node of a plan, with what it did when it ran. */
export type PlanNode = {
  "Node Type": string;
  "Relation Name"?: string | undefined;
  "Index Name"?: string | undefined;
  "Index Cond"?: string | undefined;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number | undefined;
  "Heap Fetches"?: number | undefined;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  Plans?: PlanNode[] | undefined;
};

const node: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Relation Name": z.string().optional(),
    "Index Name": z.string().optional(),
    "Index Cond": z.string().optional(),
    "Actual Rows": z.number(),
    "Actual Loops": z.number(),
    "Rows Removed by Filter": z.number().optional(),
    "Heap Fetches": z.number().optional(),
    "Shared Hit Blocks": z.number(),
    "Shared Read Blocks": z.number(),
    Plans: z.array(node).optional(),
  }),
);
const explained = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: node })]) })]);

/** The plan of one statement. */
export type Plan = {
  /** All its nodes, the root first. */
  nodes: PlanNode[];
  /** Pages of tables and indexes that it touched. */
  buffers: number;
  /** Rows that went into sorts, but for those of the tags of a row. */
  sorted: number;
};

/**
 * Runs what a repository function asks for under EXPLAIN ANALYZE, as app_user, with its own parameters, behind
 * app.enter: the very plans that people's requests get. The function itself is given no rows, so what it makes of them
 * means nothing and is let be.
 */
export async function explain(scope: Scope, work: (scope: Scope) => Promise<unknown>): Promise<Plan[]> {
  const asked: Promise<Plan>[] = [];
  function run(name: string, statements: readonly Statement[]) {
    const results = scope.run(
      name,
      statements.map((statement) => explaining(scope, statement)),
    );
    for (const index of statements.keys()) asked.push(results.then((all) => planOf(all[index]?.rows)));
    return Promise.resolve(statements.map(() => Object.assign([], { rows: [] })));
  }
  // The rows that it answers with are of nobody's type: see above.
  await work({ ...scope, run: run as unknown as Scope["run"] }).catch(() => undefined);
  return Promise.all(asked);
}

/** Every statement of Drizzle's can say its SQL; the type of a batch's items does not tell. */
function explaining({ db }: Scope, statement: Statement) {
  const wrapper = statement as unknown as SQLWrapper;
  return db.execute(sql`explain (analyze, buffers, format json) ${wrapper.getSQL()}`);
}

function planOf(rows: unknown): Plan {
  const [
    {
      "QUERY PLAN": [{ Plan: root }],
    },
  ] = explained.parse(rows);
  return summary(root);
}

function summary(root: PlanNode): Plan {
  const nodes = flatten(root);
  return {
    nodes,
    buffers: root["Shared Hit Blocks"] + root["Shared Read Blocks"],
    sorted: nodes
      .filter((one) => one["Node Type"].includes("Sort") && one["Actual Loops"] === 1)
      .reduce((sum, one) => sum + (one.Plans?.[0]?.["Actual Rows"] ?? 0), 0),
  };
}

function flatten(one: PlanNode): PlanNode[] {
  return [one, ...(one.Plans ?? []).flatMap(flatten)];
}
