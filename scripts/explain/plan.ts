import { z } from "zod";

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
const logged = z.object({ "Query Text": z.string(), Plan: node });
const explained = z.tuple([
  z.object({
    "QUERY PLAN": z.tuple([
      z.object({ Plan: node, "Planning Time": z.number(), "Execution Time": z.number() }),
    ]),
  }),
]);

/** The plan of one statement that was run. */
export type Plan = {
  /** All its nodes, the root first. */
  nodes: PlanNode[];
  /** Pages of tables and indexes that it touched. */
  buffers: number;
  /** Rows that went into sorts, but for those of the tags of a row. */
  sorted: number;
  /** Rows that it gave. */
  rows: number;
  /** Milliseconds on the server: to plan it, and to run it. */
  planningMs: number;
  ms: number;
};

/** Reads what `explain (analyze, buffers, format json)` gives. */
export function readPlan(rows: unknown): Plan {
  const [
    {
      "QUERY PLAN": [{ Plan: root, "Planning Time": planningMs, "Execution Time": ms }],
    },
  ] = explained.parse(rows);
  const nodes = flatten(root);
  return {
    nodes,
    buffers: root["Shared Hit Blocks"] + root["Shared Read Blocks"],
    sorted: nodes
      .filter((one) => one["Node Type"].includes("Sort") && one["Actual Loops"] === 1)
      .reduce((sum, one) => sum + (one.Plans?.[0]?.["Actual Rows"] ?? 0), 0),
    rows: root["Actual Rows"],
    planningMs,
    ms,
  };
}

/** Reads what auto_explain logs of one statement, in JSON. */
export function readLoggedPlan(json: string): { query: string; nodes: PlanNode[] } {
  const { "Query Text": query, Plan: root } = logged.parse(JSON.parse(json));
  return { query, nodes: flatten(root) };
}

/** The indexes that a plan reads. */
export function indexesOf({ nodes }: Pick<Plan, "nodes">): string[] {
  return [...new Set(nodes.flatMap((one) => one["Index Name"] ?? []))];
}

function flatten(one: PlanNode): PlanNode[] {
  return [one, ...(one.Plans ?? []).flatMap(flatten)];
}
