import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import fc from "fast-check";
import { newId } from "@/lib/db/id";
import { type AppUser, connectAppUser } from "../helpers/app-user";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { type Person, createPerson } from "../helpers/people";

let database: TestDatabase;
let app: AppUser;
let ada: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await connectAppUser(database);
});
afterAll(async () => {
  await app.end();
  await database.drop();
});
beforeEach(async () => {
  ada = await createPerson(database);
});

type Found = { id: string; title: string; description: string };

async function add(
  title: string,
  description = "",
  more: { person?: Person; organizationId?: string; deleted?: boolean } = {},
) {
  const id = newId();
  const { person = ada, organizationId = person.organizationId, deleted = false } = more;
  await database.sql(
    "insert into todos (id, organization_id, user_id, title, description, deleted_at) values ($1, $2, $3, $4, $5, $6)",
    [id, organizationId, person.userId, title, description, deleted ? new Date() : null],
  );
  return id;
}

const visible = (text: string) => text.replaceAll("\u0002", "[").replaceAll("\u0003", "]");

/** What Ada finds, with the marks made visible. */
async function search(query: string, maxRows = 50): Promise<Found[]> {
  const rows = await app.as(ada, (sql) =>
    sql<{ id: string; title_marked: string; description_marked: string }>(
      "select * from app.search_todos($1, $2)",
      [query, maxRows],
    ),
  );
  return rows.map((row) => ({
    id: row.id,
    title: visible(row.title_marked),
    description: visible(row.description_marked),
  }));
}
const titles = async (query: string) => (await search(query)).map((row) => row.title);

describe("app.search_todos", () => {
  it("finds words in titles and descriptions, in any form, case and accent, and marks them", async () => {
    await add("Buy Café beans", "The shop sells crème brûlée, and beaned hats.");
    expect(await search("cafe")).toMatchObject([{ title: "Buy [Café] beans" }]);
    expect(await titles("CAFÉ")).toEqual(["Buy [Café] beans"]);
    expect(await titles("buying bean")).toEqual(["[Buy] Café [beans]"]);
    expect(await search("brulee")).toMatchObject([
      { title: "Buy Café beans", description: "The shop sells crème [brûlée], and beaned hats" },
    ]);
    expect(await titles("tea")).toEqual([]);
  });

  it("knows the operators that people type into search boxes", async () => {
    await add("red apple pie");
    await add("green apple");
    await add("pie of red fruit");
    expect((await titles("red apple")).length).toBe(1);
    expect((await titles("red or green")).length).toBe(3);
    expect(await titles("apple -pie")).toEqual(["green [apple]"]);
    expect(await titles('"red apple"')).toEqual(["[red] [apple] pie"]);
    expect(await titles('"apple red"')).toEqual([]);
  });

  it.each([
    "",
    " ",
    "the",
    "&",
    "|",
    "!",
    "a & | !",
    "((",
    '"',
    "' or 1=1 --",
    ":*",
    "\\",
    "<->",
    "🪨",
    "-",
    "x".repeat(500),
  ])("takes %j without an error", async (query) => {
    await add("the milk");
    expect(await titles(query)).toEqual([]);
  });

  it("puts a match in the title before one in the description, then the newest first", async () => {
    const [first, second, inTitle] = [
      await add("One", "about milk"),
      await add("Two", "about milk"),
      await add("Milk"),
    ];
    expect((await search("milk")).map((row) => row.id)).toEqual([inTitle, second, first]);
    expect((await search("milk", 2)).map((row) => row.id)).toEqual([inTitle, second]);
  });

  it("finds one's own in all of one's organizations, nothing of others, and nothing in the trash", async () => {
    const bob = await createPerson(database);
    const team = newId();
    await database.sql("insert into organizations (id, name) values ($1, 'Team')", [team]);
    await database.sql(
      "insert into memberships (id, organization_id, user_id, role) values ($1, $3, $4, 'member'), ($2, $3, $5, 'member')",
      [newId(), newId(), team, ada.userId, bob.userId],
    );
    const mine = [await add("milk at home"), await add("milk at work", "", { organizationId: team })];
    await add("milk in the trash", "", { deleted: true });
    await add("milk of Bob", "", { person: bob });
    await add("milk of Bob in the team", "", { person: bob, organizationId: team });
    expect((await search("milk")).map((row) => row.id).toSorted()).toEqual(mine.toSorted());

    await database.sql("delete from memberships where user_id = $1 and organization_id = $2", [
      ada.userId,
      team,
    ]);
    expect((await search("milk")).map((row) => row.id)).toEqual([mine[0]]);
  });

  it.each([
    ["milk/bread", "bread", "milk/[bread]"],
    ["Fix <Button> focus", "button", "Fix <[Button]> focus"],
    ["<script>alert(1)</script>", "alert", "<script>[alert](1)</script>"],
    ["Rooms 12-15", "15", "Rooms 12-[15]"],
    ["e-mail Tom", "mail", "e-[mail] Tom"],
    ["done.Next", "next", "done.[Next]"],
    ["snake_case", "case", "snake_[case]"],
    ["ask eve@cairn.example", "cairn", "ask eve@[cairn].example"],
    ["read https://cairn.example/blog/post?id=7", "blog", "read https://cairn.example/[blog]/post?id=7"],
    ["salt &pepper; oil", "pepper", "salt &[pepper]; oil"],
    ["50% off", "50", "[50]% off"],
  ])("finds in %j the word %j", async (title, query, marked) => {
    await add(title, `About ${title} today`);
    expect(await search(query)).toMatchObject([{ title: marked, description: `About ${marked} today` }]);
    // And whoever pastes the whole of it finds it too.
    expect(await titles(title)).toHaveLength(1);
    expect(await titles(`"${title}"`)).toHaveLength(1);
    expect(await titles(`unheard ${title}`)).toEqual([]);
  });

  it("finds a word however its accents are composed", async () => {
    await add("cafe\u0301 one");
    await add("caf\u00e9 two");
    for (const query of ["cafe", "caf\u00e9", "cafe\u0301"]) expect(await titles(query)).toHaveLength(2);
  });

  it("gives every title exactly as it is, but for the marks", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }), async (text) => {
        const title = `milk ${text.replaceAll(/\p{Cc}/gu, " ")}`;
        await database.sql("delete from todos");
        await add(title, title);
        const [found] = await app.as(ada, (sql) =>
          sql<{ title_marked: string }>("select title_marked from app.search_todos('milk', 1)"),
        );
        expect(found?.title_marked.replaceAll("\u0002", "").replaceAll("\u0003", "")).toBe(title);
        expect(found?.title_marked.startsWith("\u0002milk\u0003")).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it("lets no text forge a mark", async () => {
    await add("milk \u0002forged\u0003", "also \u0002here\u0003 milk");
    expect(await search("milk")).toMatchObject([{ title: "[milk] forged", description: "also here [milk]" }]);
  });

  it("gives of a long description the parts that match", async () => {
    const filler = "word ".repeat(300);
    await add("Notes", `${filler} first needle here ${filler} second needle there ${filler}`);
    const [found] = await search("needle");
    expect(found?.description).toMatch(/\[needle\] .* … .*\[needle\]/);
    expect(found?.description.length).toBeLessThan(500);
  });
});

const shown = async (person: Person, condition = "true") =>
  app.as(person, (sql) =>
    sql<{ id: string }>(
      `select id, title, search::text from app.visible_todos where ${condition} order by id`,
    ),
  );

describe("app.visible_todos", () => {
  it("shows, with everything, the todos that the policy shows, and no others", async () => {
    const bob = await createPerson(database);
    const team = newId();
    await database.sql("insert into organizations (id, name) values ($1, 'Team')", [team]);
    await database.sql(
      "insert into memberships (id, organization_id, user_id, role) values ($1, $3, $4, 'viewer'), ($2, $3, $5, 'member')",
      [newId(), newId(), team, ada.userId, bob.userId],
    );
    const ids = [
      await add("mine"),
      await add("mine in the trash", "", { deleted: true }),
      await add("Bob's in the team", "", { person: bob, organizationId: team }),
    ];
    await add("Bob's own", "", { person: bob });
    const rows = await shown(ada);
    expect(rows.map((row) => row.id)).toEqual(ids.toSorted());
    expect(rows).toEqual(
      await app.as(ada, (sql) => sql("select id, title, search::text from todos order by id")),
    );
    await database.sql("update organizations set deleted_at = now() where id = $1", [team]);
    expect((await shown(ada)).map((row) => row.id)).toEqual(ids.slice(0, 2).toSorted());
  });

  it("shows nothing before somebody has entered", async () => {
    await add("mine");
    expect(await app.sql("select id from app.visible_todos")).toEqual([]);
    expect(await app.sql("select id from app.visible_todos where search @@ 'mine'")).toEqual([]);
  });

  it("can not be written through", async () => {
    const id = await add("mine");
    for (const statement of [
      "update app.visible_todos set title = 'x'",
      "delete from app.visible_todos",
      `insert into app.visible_todos (id, organization_id, user_id, title)
         select gen_random_uuid(), organization_id, user_id, title from app.visible_todos where id = '${id}'`,
    ]) {
      await expect(app.as(ada, (sql) => sql(statement))).rejects.toMatchObject({ code: "42501" });
    }
  });

  it("holds back others' rows whatever condition it is asked with", async () => {
    const bob = await createPerson(database);
    await add("Bob's secret milk", "", { person: bob });
    for (const condition of [
      "search @@ 'milk'",
      "ts_filter(search, '{a}') @@ 'milk'",
      `user_id = '${bob.userId}'`,
      `organization_id = '${bob.organizationId}'`,
      "status = 'pending' or true",
    ]) {
      expect(await shown(ada, condition)).toEqual([]);
      expect(await shown(bob, condition)).toHaveLength(1);
    }
  });
});

const beginning = async (text: string) => {
  const [row] = await app.sql<{ query: string }>(
    "select app.beginning(app.search_text(normalize($1, nfc)))::text as query",
    [text],
  );
  return row?.query;
};

describe("app.beginning", () => {
  it("asks for what begins with a text, of several words side by side with the last one", async () => {
    expect(await beginning("Mil")).toBe("'mil':*");
    expect(await beginning("Café")).toBe("'cafe':*");
    expect(await beginning("the")).toBe("'the':*");
    expect(await beginning("e-mai")).toBe("'e' <-> 'mai':*");
    expect(await beginning("!&")).toBe("");
  });

  it("takes no text for an operator", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }).map((one) => one.replaceAll("\0", "")),
      fc
        .array(
          fc.constantFrom("a", "'", "''", ":*", ":A", "&", "|", "!", "(", ")", "<->", "<2>", "\\", " "),
          { maxLength: 10 },
        )
        .map((parts) => parts.join("")),
    );
    await fc.assert(
      fc.asyncProperty(text, async (one) => {
        const words = await app.sql<{ words: string[] }>(
          "select tsvector_to_array(to_tsvector('app.simple_unaccent', app.search_text(normalize($1, nfc)))) as words",
          [one],
        );
        const query = (await beginning(one)) ?? "";
        // It finds the very text that it was made of, and asks for nothing that is not a word of it.
        const [row] = await app.sql<{ found: boolean; count: number }>(
          `select to_tsvector('app.simple_unaccent', app.search_text(normalize($1, nfc))) @@ app.beginning(app.search_text(normalize($1, nfc))) as found,
                  numnode(app.beginning(app.search_text(normalize($1, nfc)))) as count`,
          [one],
        );
        expect(row?.found).toBe((words[0]?.words.length ?? 0) > 0);
        expect(query.endsWith(":*")).toBe(query !== "");
      }),
      { numRuns: 200 },
    );
  });
});
