import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { searchTodos } from "@/lib/search/repository";
import type { MarkedPart } from "@/lib/search/types";
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

/** The titles that a query finds, in their order. */
async function titles(person: Person, query: string): Promise<string[]> {
  return (await searchTodos(person.scope(), { query })).hits.map(({ title }) => title);
}

/** A marked text in one line, the marks as [brackets]. */
const bracketed = (parts: MarkedPart[] | undefined) =>
  parts?.map(({ text, marked }) => (marked ? `[${text}]` : text)).join("");
const plain = (parts: MarkedPart[]) => parts.map(({ text }) => text).join("");

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
    const { hits } = await searchTodos(mia.scope(), { query: "bread" });
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

  it.each([
    ["empty", ""],
    ["blank", "  \n "],
    ["501 characters", "m".repeat(501)],
    ["a NUL", "mi\u0000lk"],
    ["a lone surrogate", "milk\udc00"],
  ])("finds nothing for a query that is %s, without asking", async (_, query) => {
    const mia = await personWith("milk");
    proxy.reset();
    expect(await searchTodos(mia.scope(), { query })).toEqual({ hits: [] });
    expect(proxy.requests).toHaveLength(0);
  });

  it.each([["the and of"], ["!"], ["'"], ["''"], ['"'], ["-"], ["or"], ["()"], ["😀"], ["\\"], ["%"], ["*"]])(
    "finds nothing for %j, in which no word is",
    async (query) => {
      const mia = await personWith("Buy milk");
      expect(await titles(mia, query)).toEqual([]);
    },
  );

  it.each([
    ["milk &"],
    ["& milk"],
    ["milk |"],
    ["!!milk"],
    ["milk:*"],
    ["milk <->"],
    ["milk <2>"],
    ["((milk"],
    ["milk)"],
    ["'milk"],
    ['"milk'],
    ["milk'; drop table todos; --"],
    ["milk\\"],
    ["milk:A"],
    ["milk %s $1"],
  ])("takes %j for words, never for an error", async (query) => {
    const mia = await personWith("Buy milk");
    expect(await searchTodos(mia.scope(), { query })).toEqual({ hits: expect.any(Array) });
  });

  it("finds a word between operators", async () => {
    const mia = await personWith("Buy milk");
    for (const query of ["(milk)", "milk:*", "& milk |", "'milk'", "milk!"]) {
      expect(await titles(mia, query)).toEqual(["Buy milk"]);
    }
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
          const { hits } = await searchTodos(mia.scope(), { query: wanted });
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
    const { hits } = await searchTodos(mia.scope(), { query: "meetings" });
    expect(bracketed(hits[0]?.titleParts)).toBe("[Méeting] notes: [meet] the [meeting] planners");
    expect(bracketed(hits[0]?.descriptionParts)).toContain("the [meeting]");
  });

  it("shows markup as it was typed, in the title and around the place in the description", async () => {
    const mia = await personWith({
      title: "<script>alert(1)</script> <b>milk</b> & &lt;",
      description: "Some <b>fresh</b> milk <img src=x onerror=alert(1)> for Ada",
    });
    const { hits } = await searchTodos(mia.scope(), { query: "milk" });
    expect(bracketed(hits[0]?.titleParts)).toBe("<script>alert(1)</script> <b>[milk]</b> & &lt;");
    expect(bracketed(hits[0]?.descriptionParts)).toBe(
      "Some <b>fresh</b> [milk] <img src=x onerror=alert(1)> for Ada",
    );
  });

  it("takes control characters that came past the rules for no marks", async () => {
    const mia = await personWith("\u0002not\u0003 marked milk \u0001<");
    const { hits } = await searchTodos(mia.scope(), { query: "milk" });
    expect(bracketed(hits[0]?.titleParts)).toBe("not marked [milk] <");
  });

  it("shows of a long description the place that matched, and how a description begins that did not", async () => {
    const filler = "Lorem ipsum dolor sit amet. ".repeat(100);
    const mia = await personWith(
      { title: "Long", description: `${filler}Here is the milk that was looked for. ${filler}` },
      { title: "Milk", description: `Beginning. ${filler}` },
    );
    const { hits } = await searchTodos(mia.scope(), { query: "milk" });
    const [inTitle, inDescription] = hits.map((hit) => bracketed(hit.descriptionParts) ?? "");
    expect(inTitle).toMatch(/^Beginning\. /);
    expect(inDescription).toContain("[milk] that was looked");
    for (const excerpt of [inTitle, inDescription]) expect(excerpt?.length).toBeLessThan(400);
  });
});
