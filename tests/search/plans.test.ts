import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseQuery } from "@/lib/query/parse";
import type { QueryNode } from "@/lib/query/types";
import { searchTodos } from "@/lib/search/repository";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { explain, type Plan } from "../helpers/explain";
import { createPerson, type Person } from "../helpers/people";

let database: TestDatabase;
/** Twelve thousand todos: more than a search looks through before it asks an index. */
let mia: Person;
/** A thousand. */
let noah: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql("alter table todos disable trigger user");
  await database.sql("alter table todos enable trigger keep_search");
  [mia, noah] = [await createPerson(database), await createPerson(database)];
  await fill(mia, 12_000);
  await fill(noah, 1_000);
  for (let other = 0; other < 8; other += 1) await fill(await createPerson(database), 500);
  await database.sql("alter table todos enable trigger user");
  await database.sql("vacuum analyze todos");
}, 120_000);
afterAll(() => database.drop());

/**
 * The first is the newest. "everywhere" stands in every title, "often" in every fifth, "cellar" in every description and in
 * the oldest 60 titles, "seldom" in every hundredth description, "never" nowhere; of "left" and "right" one or the other
 * stands in every title, and both in the oldest two.
 */
async function fill({ userId, organizationId }: Person, count: number): Promise<void> {
  await database.sql(
    `insert into todos (id, organization_id, user_id, title, description, created_at, updated_at)
     select gen_random_uuid(), $1, $2,
            concat_ws(' ', 'Everywhere', i, case when i % 5 = 0 then 'often' end, case when i % 2 = 0 then 'left' else 'right' end,
                      case when i > $3 - 2 then 'left right' end, case when i > $3 - 60 then 'cellar' end),
            concat_ws(' ', 'What stands cellar', case when i % 100 = 0 then 'seldom' end),
            now() - i * interval '1 minute', now()
       from generate_series(1, $3::int) i`,
    [organizationId, userId, count],
  );
}

function queryOf(text: string, typing = false): QueryNode {
  const parsed = parseQuery(text, { typing });
  if (!parsed.ok || parsed.query === null) throw new Error(`${text} is no query`);
  return parsed.query;
}

async function planOf(person: Person, text: string, typing = false): Promise<Plan> {
  const [plan] = await explain(person.scope(), (scope) =>
    searchTodos(scope, { query: queryOf(text, typing) }),
  );
  if (plan === undefined) throw new Error("Nothing was asked");
  return plan;
}

/** The word indexes that were read, not those that only stand in the plan. */
const asked = ({ nodes }: Plan) =>
  new Set(
    nodes.flatMap((node) =>
      node["Actual Loops"] > 0 && node["Index Name"]?.includes("search") ? [node["Index Name"]] : [],
    ),
  );
const TITLE = "todos_title_search_index";
const WHOLE = "todos_search_index";

describe("the plan of a search, as app_user, on 17,000 rows", () => {
  it.each<[string, string[], boolean?]>([
    ["everywhere", []],
    ["often", []],
    ["often everywhere", []],
    ["ofte", [], true],
    ["e", [], true],
    ["is:open", []],
    ["-never", []],
    ["cellar", [TITLE]],
    ["seldom", [WHOLE]],
    ["never", [WHOLE]],
    ["left right", [WHOLE]],
    ["everywhere seldom", [WHOLE]],
    ["seld", [WHOLE], true],
    ["nev", [WHOLE], true],
    ['"stands cellar seldom"', [WHOLE]],
    ["seldom is:open", [WHOLE]],
    ["in:title never", [TITLE]],
  ])("for %j asks of the word indexes %j", async (text, indexes, typing = false) => {
    const plan = await planOf(mia, text, typing);
    // A spelling is looked for when nothing is found, and counted with the index.
    expect(asked(plan)).toEqual(new Set(indexes));
    const whole = plan.nodes.filter(
      (node) => node["Node Type"] === "Seq Scan" && node["Relation Name"] === "todos",
    );
    expect(whole).toEqual([]);
    expect(plan.buffers).toBeLessThan(7_000);
  });

  it("never asks them for somebody whose todos are all among the newest", async () => {
    for (const text of ["everywhere", "cellar", "seldom", "never", "left right", "seldom or is:overdue"]) {
      expect(asked(await planOf(noah, text))).toEqual(new Set());
    }
  });

  it("does not depend on what the planner knows of the words", async () => {
    await database.sql("alter table todos alter column search set statistics 0");
    await database.sql("analyze todos");
    for (const [text, indexes] of [
      ["often", []],
      ["cellar", [TITLE]],
      ["seldom", [WHOLE]],
    ] as const) {
      expect(asked(await planOf(mia, text))).toEqual(new Set(indexes));
    }
  });
});

/** The ids that match a condition, ranked as a search should: title first, then the newest. */
async function expected(person: Person, inTitle: string, anywhere: string): Promise<string[]> {
  const rows = await database.sql<{ id: string }>(
    `select id from todos where user_id = $1 and (${anywhere})
     order by (${inTitle}) desc, created_at desc, id desc limit 50`,
    [person.userId],
  );
  return rows.map(({ id }) => id);
}
const has = (...words: string[]): [string, string] => [
  words.map((word) => `title ~* '\\m${word}'`).join(" and "),
  words.map((word) => `title || ' ' || description ~* '\\m${word}'`).join(" and "),
];

const counts = async (text: string) => {
  const { count, more } = await searchTodos(mia.scope(), { query: queryOf(text) });
  return [count, more];
};

describe("a search through more todos than it looks at", () => {
  it.each([
    ["often", has("often")],
    ["cellar", has("cellar")],
    ["seldom", has("seldom")],
    ["left right", has("left", "right")],
    ["seldom often", has("seldom", "often")],
    ["cell*", has("cell")],
    ["in:title cellar", [has("cellar")[0], has("cellar")[0]] as [string, string]],
    ["cellar -often", [`${has("cellar")[0]} and title !~ 'often'`, "title !~ 'often'"] as [string, string]],
    ["seldom or often", ["title ~ 'often'", "title || description ~ 'often|seldom'"] as [string, string]],
  ])("finds for %j what a search of all of them would, in its order", async (text, [inTitle, anywhere]) => {
    for (const person of [mia, noah]) {
      const { hits } = await searchTodos(person.scope(), { query: queryOf(text) });
      expect(hits.map(({ id }) => id)).toEqual(await expected(person, inTitle, anywhere));
    }
  });

  it("says how many there are when it counted them all, and else that there may be more", async () => {
    expect(await counts("everywhere")).toEqual([1000, true]);
    expect(await counts("often")).toEqual([600, true]);
    expect(await counts("seldom")).toEqual([120, false]);
    expect(await counts("never")).toEqual([0, false]);
  });
});
