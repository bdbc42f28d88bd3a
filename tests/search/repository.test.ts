import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseQuery } from "@/lib/query/parse";
import type { QueryNode } from "@/lib/query/types";
import { searchTodos } from "@/lib/search/repository";
import type { MarkedPart, SearchResult } from "@/lib/search/types";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership, writeTag, writeTodo, type TodoValues } from "../helpers/rows";

let database: TestDatabase;
let proxy: CountingProxy;
beforeAll(async () => {
  const direct = await createTestDatabase();
  proxy = await startCountingProxy(direct.endpoint);
  database = { ...direct, endpoint: proxy.url };
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

/** A person with these todos, beside a second one who has the same. */
async function personWith(...todos: (TodoValues | string)[]): Promise<Person> {
  const [mia, noah] = [await createPerson(database), await createPerson(database)];
  for (const todo of todos) {
    const values = typeof todo === "string" ? { title: todo } : todo;
    await writeTodo(database, mia, values);
    await writeTodo(database, noah, values);
  }
  return mia;
}

/** The query that a text is; with `typing`, its last word may go on. */
function queryOf(text: string, typing = false): QueryNode {
  const parsed = parseQuery(text, { typing });
  if (!parsed.ok || parsed.query === null) throw new Error(`${text} is no query`);
  return parsed.query;
}

function search(person: Person, text: string, typing = false): Promise<SearchResult> {
  return searchTodos(person.scope(), { query: queryOf(text, typing) });
}

/** The titles that a query finds, in their order. */
async function titles(person: Person, text: string, typing = false): Promise<string[]> {
  return (await search(person, text, typing)).hits.map(({ title }) => title);
}

/** A marked text in one line, the marks as [brackets]. */
const bracketed = (parts: MarkedPart[] | undefined) =>
  parts?.map(({ text, marked }) => (marked ? `[${text}]` : text)).join("");
const plain = (parts: MarkedPart[]) => parts.map(({ text }) => text).join("");

/** A day of January. */
const at = (day: number) => new Date(Date.UTC(2026, 0, day));

describe("searchTodos", () => {
  it("finds a person's own todos in title and description with their tags, in one request", async () => {
    const mia = await personWith(
      "Buy bread",
      { title: "Go shopping", description: "Milk, and bread." },
      "Call Ben",
    );
    const home = await writeTag(database, mia, "Home");
    const id = await writeTodo(database, mia, { title: "Bake bread", tagIds: [home], status: "cancelled" });
    proxy.reset();
    const { hits } = await search(mia, "bread");
    expect(proxy.requests).toHaveLength(1);
    expect(hits).toHaveLength(3);
    expect(hits.find((hit) => hit.id === id)).toMatchObject({
      title: "Bake bread",
      status: "cancelled",
      hasDescription: false,
      dueDate: null,
      tags: [{ id: home, name: "Home" }],
      titleParts: [
        { text: "Bake ", marked: false },
        { text: "bread", marked: true },
      ],
      descriptionParts: [],
    });
  });

  it("ranks what stands in the title over what stands in the description, however often", async () => {
    const mia = await personWith(
      { title: "Shopping", description: "Milk! Milk, milk and milk; more milk." },
      "Remember to bring some milk for the cat next door",
    );
    expect(await titles(mia, "milk")).toEqual([
      "Remember to bring some milk for the cat next door",
      "Shopping",
    ]);
  });

  it.each([
    ["without regard to case", "MILK", "Buy milk"],
    ["without regard to accents in the text", "cafe", "Meet at the Café"],
    ["without regard to accents in the query", "mílk", "Buy milk"],
    ["in other forms of the word", "meeting", "Meet at the Café"],
    ["all of several words", "milk buy", "Buy milk"],
    ["a phrase", '"buy milk"', "Buy milk"],
    ["either of two", "unicorn or milk", "Buy milk"],
    ["without a word", "milk -almond", "Buy milk"],
    ["whole words in another script", "молоко", "Купить молоко"],
  ])("finds %s", async (_, query, title) => {
    const mia = await personWith("Buy milk", "Meet at the Café", "Buying almond milk", "Купить молоко");
    expect(await titles(mia, query)).toContain(title);
  });

  it("leaves out what lacks a word, breaks a phrase, or has the excluded word", async () => {
    const mia = await personWith("Buy milk", "Milk the cow", "Buy almond milk");
    expect(await titles(mia, "buy cow")).toEqual([]);
    expect(await titles(mia, '"buy milk"')).toEqual(["Buy milk"]);
    expect(await titles(mia, "milk -buy")).toEqual(["Milk the cow"]);
  });

  it("finds neither another person's todos, nor a colleague's in a shared organization, nor those in the trash", async () => {
    const [mia, noah] = [await createPerson(database), await createPerson(database)];
    await writeTodo(database, noah, { title: "Secret milk" });
    await writeTodo(database, mia, { title: "Thrown away milk", deleted: true });
    expect(await titles(mia, "milk")).toEqual([]);
    await writeMembership(database, noah.organizationId, mia);
    expect(await titles(mia, "milk")).toEqual([]);
    await writeTodo(
      database,
      { userId: mia.userId, organizationId: noah.organizationId },
      { title: "My milk" },
    );
    expect(await titles(mia, "milk")).toEqual(["My milk"]);
    expect(await titles(noah, "milk")).toEqual(["Secret milk"]);
  });

  it("gives at most the 50 best", async () => {
    const mia = await createPerson(database);
    await database.sql(
      `insert into todos (id, organization_id, user_id, title, description)
       select gen_random_uuid(), $1, $2, 'Errand', 'milk' from generate_series(1, 51)`,
      [mia.organizationId, mia.userId],
    );
    await writeTodo(database, mia, { title: "Milk" });
    const found = await titles(mia, "milk");
    expect(found).toHaveLength(50);
    expect(found[0]).toBe("Milk");
  });

  it.each([["the and of"], ["!"], ["'"], ["''"], ["😀"], ["\\"], ["%"], ['"the of"'], ["-the"]])(
    "finds nothing for %j, in which no word is",
    async (query) => {
      const mia = await personWith("Buy milk");
      expect(await search(mia, query)).toEqual({ hits: [], count: 0, more: false, suggestion: null });
    },
  );

  it("leaves words out that say nothing, beside others that do", async () => {
    const mia = await personWith("Buy milk", "Buy bread");
    for (const query of ["the milk", "milk -the", 'milk "of the"', "the (milk or &)", "is:open the milk"]) {
      expect(await titles(mia, query)).toEqual(["Buy milk"]);
    }
    expect(await titles(mia, "is:open the")).toHaveLength(2);
    expect(await titles(mia, "(the or tag:home) milk")).toEqual([]);
  });

  it.each([
    ["& milk |"],
    ["!!milk"],
    ["milk:*"],
    ["milk <->"],
    ["milk <2>"],
    ["'milk'"],
    ["milk:A"],
    ["milk %s $1"],
    ["milk\\"],
    ["milk'; drop table todos; --x"],
  ])("takes %j for words, never for an error", async (query) => {
    const mia = await personWith("Buy milk");
    for (const typing of [false, true]) {
      expect((await search(mia, query, typing)).hits).toEqual(expect.any(Array));
    }
    expect(await titles(mia, "(milk)")).toEqual(["Buy milk"]);
  });

  it("never fails, whatever is typed, and always shows titles exactly", async () => {
    const mia = await createPerson(database);
    const word = fc.constantFrom(
      "milk",
      "<b>",
      "</b>",
      "&amp;",
      "'",
      '"',
      "-",
      "or",
      "(",
      ":*",
      "<->",
      "a@b.de",
      "http://x.de/?a=<b>",
    );
    const text = fc
      .array(fc.oneof(word, fc.string({ unit: "grapheme", maxLength: 10 })), { minLength: 1, maxLength: 8 })
      .map((words) =>
        Array.from(words.join(" ").replaceAll(/\p{Cc}/gu, ""))
          .slice(0, 200)
          .join("")
          .trim(),
      )
      .filter((title) => title !== "" && title.isWellFormed());
    await fc.assert(
      fc.asyncProperty(text, text, async (title, query) => {
        const values = { title, description: title };
        const id = await writeTodo(database, mia, values);
        for (const wanted of [query, title, "milk"]) {
          const parsed = parseQuery(wanted, { typing: true });
          if (!parsed.ok || parsed.query === null) continue;
          const { hits } = await searchTodos(mia.scope(), { query: parsed.query });
          for (const hit of hits) expect(plain(hit.titleParts)).toBe(hit.title);
        }
        await database.sql("delete from todos where id = $1", [id]);
      }),
      { numRuns: 60 },
    );
  });

  it("marks the words that matched, in whatever form they stand there", async () => {
    const mia = await personWith({
      title: "Méeting notes: meet the meeting planners",
      description: "Bring milk. We met before the meeting.",
    });
    const { hits } = await search(mia, "meetings");
    expect(bracketed(hits[0]?.titleParts)).toBe("[Méeting] notes: [meet] the [meeting] planners");
    expect(bracketed(hits[0]?.descriptionParts)).toContain("the [meeting]");
  });

  it("shows markup as it was typed, in the title and around the place in the description", async () => {
    const mia = await personWith({
      title: "<script>alert(1)</script> <b>milk</b> & &lt;",
      description: "Some <b>fresh</b> milk <img src=x onerror=alert(1)> for Ada",
    });
    const { hits } = await search(mia, "milk");
    expect(bracketed(hits[0]?.titleParts)).toBe("<script>alert(1)</script> <b>[milk]</b> & &lt;");
    expect(bracketed(hits[0]?.descriptionParts)).toBe(
      "Some <b>fresh</b> [milk] <img src=x onerror=alert(1)> for Ada",
    );
  });

  it("takes control characters that came past the rules for no marks", async () => {
    const mia = await personWith("\u0002not\u0003 marked milk \u0001<");
    const { hits } = await search(mia, "milk");
    expect(bracketed(hits[0]?.titleParts)).toBe("not marked [milk] <");
  });

  it("shows of a long description the place that matched, and how a description begins that did not", async () => {
    const filler = "Lorem ipsum dolor sit amet. ".repeat(100);
    const mia = await personWith(
      { title: "Long", description: `${filler}Here is the milk that was looked for. ${filler}` },
      { title: "Milk", description: `Beginning. ${filler}` },
      { title: "Milk", description: "Nine words are no more than a short beginning." },
    );
    const { hits } = await search(mia, "milk");
    const [short, inTitle, inDescription] = hits.map((hit) => bracketed(hit.descriptionParts) ?? "");
    expect(short).toBe("Nine words are no more than a short beginning.");
    expect(inTitle).toMatch(/^Beginning\. /);
    expect(inDescription).toContain("[milk] that was looked");
    for (const excerpt of [inTitle, inDescription]) expect(excerpt?.length).toBeLessThan(400);
  });

  it.each([
    ["in another form", "families", "Our family goes", "Our [family] goes"],
    ["with accents", "cafe creme", "Un café crème", "Un [café] [crème]"],
    ["without the accents that were typed", "résumé", "The resume of it", "The [resume] of it"],
    ["that may go on", "zeb*", "The zebras run", "The [zebras] run"],
    ["beside each other", '"red door"', "A red coat, a red door", "a [red] [door]"],
    ["far apart in a phrase", '"door of the house"', "The door of the house opens", "[door] of the [house]"],
    ["with punctuation", "e-mail", "An e-mail comes", "An [e]-[mail]"],
    ["of another script", "молоко", "Купить молоко", "Купить [молоко]"],
  ])("marks words deep in a long description that stand there %s", async (_, query, place, marked) => {
    const filler = "Lorem ipsum dolor sit amet. ".repeat(60);
    const mia = await personWith({ title: "Long", description: `${filler}${place}. ${filler}` });
    const { hits } = await search(mia, query);
    expect(bracketed(hits[0]?.descriptionParts)).toContain(marked);
  });

  it("marks nothing that is only a word because a long description was cut there", async () => {
    for (const shift of Array.from("buttermilk").keys()) {
      const filler = `${"Lorem ".repeat(200)}zebra ${"i".repeat(shift)} `;
      const mia = await personWith({ title: "Long", description: `${filler}${"milkman ".repeat(200)}` });
      const { hits } = await search(mia, "zebra or milk");
      expect(bracketed(hits[0]?.descriptionParts)).toContain("[zebra]");
      expect(bracketed(hits[0]?.descriptionParts)).not.toContain("[milk]");
    }
  });

  it("puts those with all the words in their title first, and of each the newest", async () => {
    const mia = await personWith(
      { title: "Milk", description: "Bread, too.", createdAt: at(9) },
      { title: "Milk and bread", createdAt: at(1) },
      { title: "Nothing", description: "Bread and milk", createdAt: at(8) },
      { title: "Bread with milk", createdAt: at(2) },
    );
    expect(await titles(mia, "milk bread")).toEqual(["Bread with milk", "Milk and bread", "Milk", "Nothing"]);
  });

  it("takes the last word for the beginning of one while it is being typed, whatever form it is on the way to", async () => {
    const mia = await personWith(
      "Weekly meeting",
      "Running shoes",
      "Happy birthday",
      "Go to the theatre",
      "Studies",
    );
    const whole = "meeting";
    for (let length = 2; length <= whole.length; length += 1) {
      expect(await titles(mia, `week ${whole.slice(0, length)}`, true)).toEqual(["Weekly meeting"]);
    }
    for (const typed of ["runn", "runni", "runnin", "ru", "RUNNI"]) {
      expect(await titles(mia, typed, true)).toEqual(["Running shoes"]);
    }
    expect(await titles(mia, "happ", true)).toEqual(["Happy birthday"]);
    expect(await titles(mia, "happy", true)).toEqual(["Happy birthday"]);
    expect(await titles(mia, "the", true)).toEqual(["Go to the theatre"]);
    expect(await titles(mia, "studie", true)).toEqual(["Studies"]);
    expect(await titles(mia, "meet ru", true)).toEqual([]);
    expect(await titles(mia, "meet ")).toEqual(["Weekly meeting"]);
    expect(await titles(mia, "mee")).toEqual([]);
    expect(await titles(mia, "mee*")).toEqual(["Weekly meeting"]);
  });

  it("marks the beginning that is being typed as the word that it is on the way to", async () => {
    const mia = await personWith("Weekly meeting");
    const { hits } = await search(mia, "meeti", true);
    expect(bracketed(hits[0]?.titleParts)).toBe("Weekly [meeting]");
  });

  it("marks the words of any side of an or, and none that must not be there", async () => {
    const mia = await personWith({ title: "Buy milk and bread", description: "Milk of oats" });
    const { hits } = await search(mia, "(milk or cheese) in:title -butter");
    expect(bracketed(hits[0]?.titleParts)).toBe("Buy [milk] and bread");
    expect(bracketed(hits[0]?.descriptionParts)).toBe("Milk of oats");
    const filtered = await search(mia, "is:open -butter");
    expect(filtered.hits.map((hit) => bracketed(hit.titleParts))).toEqual(["Buy milk and bread"]);
  });

  it("counts all when it looked at all", async () => {
    const mia = await personWith("Milk", "More milk", "Bread");
    expect(await search(mia, "milk")).toMatchObject({ count: 2, more: false, suggestion: null });
  });

  it("finds all kinds of terms in one query", async () => {
    const mia = await personWith(
      { title: "Buy milk", priority: 2 },
      { title: "Buy bread", status: "completed" },
      { title: "Call Ben", dueDate: "2026-12-01" },
    );
    expect(await titles(mia, "buy is:open")).toEqual(["Buy milk"]);
    expect(await titles(mia, "is:done or due:any")).toHaveLength(2);
    expect(await titles(mia, "-(buy is:done) -due:any")).toEqual(["Buy milk"]);
    expect(await titles(mia, "ben or (buy priority:2)")).toHaveLength(2);
  });
});

describe("a suggestion", () => {
  it("is the nearest spelling among the person's own words, with what it finds", async () => {
    const mia = await personWith("Renew the passport", "Passport photos", "Café visit", "Buy milk");
    const nothing = { hits: [], count: 0, more: false };
    expect(await search(mia, "pasport")).toEqual({ ...nothing, suggestion: { query: "passport", count: 2 } });
    expect((await search(mia, "Renwe pasport")).suggestion).toEqual({ query: "renew passport", count: 1 });
    expect((await search(mia, "mlik")).suggestion).toEqual({ query: "milk", count: 1 });
    expect((await search(mia, "caffé")).suggestion).toEqual({ query: "café", count: 1 });
    expect((await search(mia, "photso is:open", false)).suggestion).toEqual({
      query: "photos is:open",
      count: 1,
    });
    expect((await search(mia, "paspotr", true)).suggestion).toEqual({ query: "passport", count: 2 });
  });

  it("is not made when something was found, when nothing is near, or when the spelling finds nothing either", async () => {
    const mia = await personWith("Renew the passport", "Buy milk");
    expect((await search(mia, "passport")).suggestion).toBeNull();
    expect((await search(mia, "xylophone")).suggestion).toBeNull();
    expect((await search(mia, "pasport milk")).suggestion).toBeNull();
    expect((await search(mia, "passport is:done")).suggestion).toBeNull();
    expect((await search(mia, "is:done")).suggestion).toBeNull();
    expect((await search(mia, "pasport a b c d")).suggestion).toBeNull();
  });

  it("knows no word of anybody else, not even of a colleague in the same organization, nor of the trash", async () => {
    const [mia, noah] = [await createPerson(database), await createPerson(database)];
    await writeMembership(database, noah.organizationId, mia);
    await writeTodo(database, noah, { title: "Confidential passport" });
    await writeTodo(database, mia, { title: "Thrown away passport", deleted: true });
    await writeTodo(database, mia, { title: "Buy milk" });
    expect(await search(mia, "pasport")).toEqual({ hits: [], count: 0, more: false, suggestion: null });
    expect((await search(noah, "pasport")).suggestion).toEqual({ query: "passport", count: 1 });
  });
});
