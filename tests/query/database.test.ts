import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { matchesQuery } from "@/app/_todos/query-match";
import { parseQuery } from "@/lib/query/parse";
import type { QueryNode } from "@/lib/query/types";
import { searchTodos } from "@/lib/search/repository";
import { countTodos, listTodos } from "@/lib/todos/repository";
import type { TodoRow } from "@/lib/todos/types";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeTag, writeTodo } from "../helpers/rows";
import { trees, typedTexts } from "./arbitraries";

let database: TestDatabase;
let proxy: CountingProxy;
let mia: Person;
const seed = 20261120;
/** Friday, in the afternoon. */
const now = new Date("2026-11-20T14:30:00Z");

beforeAll(async () => {
  const direct = await createTestDatabase();
  proxy = await startCountingProxy(direct.endpoint);
  database = { ...direct, endpoint: proxy.url };
  mia = await createPerson(database, { preferences: { timeZone: "UTC" } });
  const tags = [await writeTag(database, mia, "home"), await writeTag(database, mia, "Two words")];
  const days = [null, "2026-11-19", "2026-11-20", "2026-11-21", "2026-12-01", "2026-12-20"];
  const statuses = ["pending", "in_progress", "completed", "cancelled"] as const;
  for (let index = 0; index < 48; index += 1) {
    await writeTodo(database, mia, {
      title: ["Buy milk", "E-mail 🪨 to Ada", "Don't (panic)"][index % 3] ?? "",
      description: index % 5 === 0 ? "Fresh bread, and milk" : "",
      status: statuses[index % 4] ?? "pending",
      priority: index % 6,
      dueDate: days[index % 6] ?? "2026-11-20",
      scheduledFor: days[(index * 5 + 1) % 6] ?? null,
      tagIds: tags.slice(index % 3),
    });
  }
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

/** The trees of what parses, of random texts and of random trees. */
function treesOf(texts: number, others: number): QueryNode[] {
  const typed = fc.sample(typedTexts, { seed, numRuns: texts }).flatMap((text) => {
    const parsed = parseQuery(text, { typing: text.length % 2 === 0 });
    return parsed.ok && parsed.query !== null ? [parsed.query] : [];
  });
  return [...typed, ...fc.sample(trees, { seed, numRuns: others })];
}

/**
 * Asks many things of the database, a hundred in one request; of a request that fails, it names the question. Gives how
 * many were answered.
 */
async function inBatches<Input>(
  inputs: readonly Input[],
  ask: (inputs: readonly Input[]) => Promise<unknown>,
): Promise<number> {
  for (let at = 0; at < inputs.length; at += 100) {
    const batch = inputs.slice(at, at + 100);
    try {
      await ask(batch);
    } catch (error) {
      throw new Error(`No answer to ${JSON.stringify(await firstUnanswered(batch, ask))}`, { cause: error });
    }
  }
  return inputs.length;
}

/** The first input that fails when it is asked alone; undefined where each of them is answered alone. */
async function firstUnanswered<Input>(
  inputs: readonly Input[],
  ask: (inputs: readonly Input[]) => Promise<unknown>,
): Promise<Input | undefined> {
  for (const one of inputs) {
    try {
      await ask([one]);
    } catch {
      return one;
    }
  }
  return undefined;
}

const marker = "qz9x";

/** The same tree with a marker in everything that somebody wrote. */
function marked(node: QueryNode): QueryNode {
  if (node.kind === "and" || node.kind === "or") return { ...node, nodes: node.nodes.map(marked) };
  if (node.kind === "not") return { ...node, node: marked(node.node) };
  if (node.kind === "tag") return { ...node, name: node.name + marker };
  return node.kind === "word" || node.kind === "phrase" ? { ...node, text: node.text + marker } : node;
}

/** The texts of the statements that were sent, and their parameters. */
function sent(): { texts: string[]; parameters: string } {
  const statements = proxy.requests.flatMap(({ body }) => {
    const queries: unknown = Reflect.get(Object(body), "queries");
    return Array.isArray(queries) ? (queries as { query: string; params: unknown[] }[]) : [];
  });
  return {
    texts: statements.map(({ query }) => query),
    parameters: JSON.stringify(statements.map(({ params }) => params)),
  };
}

/** Without words and instants, which only the database compares. */
const decidable = fc
  .sample(trees, { seed, numRuns: 1_500 })
  .filter((tree) => matchesQuery(emptyRow(), tree, { today: "2026-11-20", time: "14:30:00" }) !== null);

function emptyRow(): TodoRow {
  return {
    id: "",
    organizationId: "",
    title: "",
    hasDescription: false,
    status: "completed",
    priority: 0,
    dueDate: null,
    dueTime: null,
    scheduledFor: null,
    completedAt: now,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    version: 1,
    tags: [],
  };
}

describe("a query on the database", () => {
  it("is no error in a list, whatever was asked for", async () => {
    const asked = treesOf(1_500, 200);
    expect(asked.length).toBeGreaterThan(800);
    const answered = await inBatches(asked, (batch) => {
      const scope = mia.scope({ now });
      return Promise.all(batch.map((query) => listTodos(scope, { query })));
    });
    expect(answered).toBe(asked.length);
  });

  it("is no error in a search, whatever was asked for", async () => {
    const asked = treesOf(300, 100);
    const answered = await inBatches(asked, (batch) => {
      const scope = mia.scope({ now });
      return Promise.all(batch.map((query) => searchTodos(scope, { query })));
    });
    expect(answered).toBe(asked.length);
  });

  it("reaches SQL as parameters only", async () => {
    const asked = treesOf(200, 100).map(marked);
    proxy.reset();
    await inBatches(asked, (batch) => {
      const scope = mia.scope({ now });
      const both = (query: QueryNode) => [countTodos(scope, { query }), searchTodos(scope, { query })];
      return Promise.all(batch.flatMap<Promise<unknown>>(both));
    });
    const { texts, parameters } = sent();
    expect(texts.length).toBeGreaterThan(asked.length);
    expect(texts.filter((text) => text.includes(marker))).toEqual([]);
    expect(parameters).toContain(marker);
  });

  it("finds what the browser says that it matches", async () => {
    const rows = (await listTodos(mia.scope({ now }), { status: "all" })).rows;
    expect(rows).toHaveLength(48);
    const clock = { today: "2026-11-20", time: "14:30:00" };
    const decided = decidable.flatMap((query) => {
      const answers = rows.map((row) => matchesQuery(row, query, clock));
      return answers.includes(null)
        ? []
        : [{ query, ids: rows.flatMap(({ id }, at) => (answers[at] ? [id] : [])) }];
    });
    expect(decided.length).toBeGreaterThan(100);
    await inBatches(decided, async (batch) => {
      const scope = mia.scope({ now });
      const pages = await Promise.all(batch.map(({ query }) => listTodos(scope, { query, status: "all" })));
      for (const [at, page] of pages.entries()) {
        expect(page.rows.map(({ id }) => id)).toEqual(batch[at]?.ids);
      }
    });
  });
});
