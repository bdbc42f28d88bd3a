import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseQuery } from "@/lib/query/parse";
import type { QueryNode } from "@/lib/query/types";
import { searchTodos } from "@/lib/search/repository";
import { readPlan } from "@/scripts/explain/plan";
import { recordStatements } from "@/scripts/explain/record";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";

let database: TestDatabase;
/** Twelve thousand todos: more than a search looks through before it asks an index. */
let mia: Person;
/** Fewer than it looks through at once. */
let noah: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql("alter table todos disable trigger user");
  await database.sql("alter table todos enable trigger keep_search");
  [mia, noah] = [await createPerson(database), await createPerson(database)];
  await fill(mia, 12_000);
  await fill(noah, 400);
  for (let other = 0; other < 8; other += 1) await fill(await createPerson(database), 500);
  await database.sql("alter table todos enable trigger user");
  await database.sql("vacuum analyze todos");
}, 120_000);
afterAll(() => database.drop());

/**
 * The first is the newest. "everywhere" stands in every title, "often" in every fifth, "cellar" in every description and in
 * the oldest 130 titles, "seldom" in every hundredth description, "never" nowhere; of "left" and "right" one or the other
 * stands in every title, and both in the oldest two. "older" stands in all titles but the newest 600, "ancient" in all but the
 * newest 4,000, "green door" in every 150th description, and both words in all.
 */
async function fill({ userId, organizationId }: Person, count: number): Promise<void> {
  await database.sql(
    `insert into todos (id, organization_id, user_id, title, description, created_at, updated_at)
     select gen_random_uuid(), $1, $2,
            concat_ws(' ', 'Everywhere', i, case when i % 5 = 0 then 'often' end, case when i % 2 = 0 then 'left' else 'right' end,
                      case when i > $3 - 2 then 'left right' end, case when i > $3 - 130 then 'cellar' end,
                      case when i > 600 then 'older' end, case when i > 4000 then 'ancient' end),
            concat_ws(' ', 'Stands cellar', case when i % 100 = 0 then 'seldom' end,
                      case when i % 150 = 0 then 'green door' else 'door green' end),
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

/** What a search read of the word indexes, and whether it read all todos, in functions too; and how many pages. */
async function readBy(person: Person, text: string, typing = false) {
  const scope = person.scope();
  const [recorded] = await recordStatements(scope, (recorder) =>
    searchTodos(recorder, { query: queryOf(text, typing) }),
  );
  if (recorded === undefined) throw new Error("Nothing was asked");
  const scans = scope.db.execute<{ relation: string; count: number }>(
    sql`select c.relname as relation, pg_stat_get_xact_numscans(c.oid)::int as count
          from pg_class c where c.relname = 'todos' or c.relname like 'todos%search_index'`,
  );
  const [before, explained, after] = await scope.run("explain", [
    scans,
    scope.db.execute(sql`explain (analyze, buffers, format json) ${recorded.sql}`),
    scans,
  ]);
  const grown = after.rows.filter(({ relation, count }) =>
    before.rows.every((one) => one.relation !== relation || one.count < count),
  );
  const { nodes, buffers } = readPlan(explained.rows);
  return {
    relations: new Set(grown.map(({ relation }) => relation)),
    buffers,
    /** The most rows that a step of the statement itself looked at. */
    rows: Math.max(...nodes.map((node) => node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0))),
  };
}
const TITLE = "todos_title_search_index";
const WHOLE = "todos_search_index";

describe("the plan of a search, as app_user, on 16,000 rows", () => {
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
    ["older", [WHOLE]],
    ["ancient", [WHOLE]],
    ["seldom e", [WHOLE], true],
    ["often e", [], true],
    ["in:title never", [TITLE]],
  ])("for %j asks of the word indexes %j", async (text, indexes, typing = false) => {
    const { relations, buffers } = await readBy(mia, text, typing);
    expect(relations).toEqual(new Set(indexes));
    expect(buffers).toBeLessThan(7_000);
  });

  it("gathers each side of an or by itself, whatever it asks for, and never all todos", async () => {
    for (const text of [
      "seldom or tag:home",
      "never or priority:5 or tag:home",
      '"stands nowhere" or due:any',
    ]) {
      const { relations, rows } = await readBy(mia, text);
      expect(relations).toEqual(new Set([WHOLE]));
      expect(rows).toBeLessThanOrEqual(3_000);
    }
  });

  it("never asks them for somebody whose todos are all among the newest", async () => {
    for (const text of ["everywhere", "cellar", "seldom", "never", "left right", "seldom or is:overdue"]) {
      expect((await readBy(noah, text)).relations).toEqual(new Set());
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
      expect((await readBy(mia, text)).relations).toEqual(new Set(indexes));
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
    ['"stands cellar"', has("stands cellar")],
    ['"cellar seldom"', has("cellar seldom")],
    ['"green door"', has("green door")],
    [
      '"green door" -often',
      [`title ~ 'green door'`, `description ~ 'green door' and title !~ 'often'`] as [string, string],
    ],
    ['"left right"', has("left right")],
    [
      '"left right" or "green door"',
      ["title ~ 'left right'", "title ~ 'left right' or description ~ 'green door'"] as [string, string],
    ],
    [
      '"often left" "seldom door"',
      ["title = ''", "title ~ 'often left' and description ~ 'seldom door'"] as [string, string],
    ],
    ['"older stands"', ["title = ''", "title = ''"] as [string, string]],
    ["older", has("older")],
    ["ancient", has("ancient")],
    ["ancient seldom", has("ancient", "seldom")],
    ["cellar e*", has("cellar", "e")],
    ["seldom st*", has("seldom", "st")],
    ["the cellar e*", has("cellar", "e")],
    ["the e*", has("e")],
    ["cellar -seldom", [has("cellar")[0], "description !~ 'seldom'"] as [string, string]],
    ["is:open cellar -seldom", [has("cellar")[0], "description !~ 'seldom'"] as [string, string]],
    ["seldom or tag:home", has("seldom")],
    ["the or seldom or tag:home", has("seldom")],
    ["seldom -the or tag:home", has("seldom")],
    [
      "(seldom -often) or (cellar in:title)",
      [has("cellar")[0], "title ~ 'cellar' or description ~ 'seldom' and title !~ 'often'"] as [
        string,
        string,
      ],
    ],
    ["seldom or often", ["title ~ 'often'", "title || description ~ 'often|seldom'"] as [string, string]],
  ])("finds for %j what a search of all of them would, in its order", async (text, [inTitle, anywhere]) => {
    for (const person of [mia, noah]) {
      const { hits } = await searchTodos(person.scope(), { query: queryOf(text) });
      expect(hits.map(({ id }) => id)).toEqual(await expected(person, inTitle, anywhere));
    }
  });

  it("finds any two words, either of two and one without another as a search of all would, in its order", async () => {
    const words = ["everywhere", "cellar", "seldom", "left", "older", "ancient"];
    for (const [place, one] of words.entries()) {
      for (const other of words.slice(place + 1)) {
        const [title, all] = ["title", "title || ' ' || description"];
        const queries: [string, (text: string) => string][] = [
          [`${one} ${other}`, (text) => `(${text} ~* '${one}' and ${text} ~* '${other}')`],
          [`${one} or ${other}`, (text) => `${text} ~* '${one}|${other}'`],
          [`${one} -${other}`, (text) => `(${text} ~* '${one}' and ${text} !~* '${other}')`],
        ];
        for (const [text, condition] of queries) {
          const { hits } = await searchTodos(mia.scope(), { query: queryOf(text) });
          expect([text, hits.map(({ id }) => id)]).toEqual([
            text,
            await expected(mia, condition(title), condition(all)),
          ]);
        }
      }
    }
  }, 60_000);

  it("says how many there are when it counted them all, and else that there may be more", async () => {
    expect(await counts("everywhere")).toEqual([1000, true]);
    expect(await counts("often")).toEqual([600, true]);
    expect(await counts("seldom")).toEqual([120, false]);
    expect(await counts("never")).toEqual([0, false]);
  });
});
