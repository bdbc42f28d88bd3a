import { createTodo, deleteTodo, getTodo } from "@/lib/todos/repository";
import { newId } from "@/lib/db/id";
import { createPerson, type Person } from "../tests/helpers/people";
import { expect, signedInPages, test } from "./fixtures";

/**
 * What people and programs send to the forms, as browsers without script send it: by HTTP, to the production server. Each
 * gets a clear message beside what was typed, or is stored exactly; none gets a 500.
 */
type Fields = Record<string, string | Buffer>;

const UNSTORABLE = "This contains a character that cannot be stored. Remove it and try again.";
const NOT_THERE = "This is not there any more.";

/** The page's form that has a field of this name: its hidden fields, with React's own, which name the action. */
function hiddenFields(html: string, field: string): Record<string, string> {
  const [, ...forms] = html.split("<form");
  const form = forms.find((part) => part.split("</form>")[0]?.includes(`name="${field}"`));
  if (form === undefined) throw new Error(`There is no form with a field ${field}.`);
  const hidden: Record<string, string> = {};
  for (const [tag] of (form.split("</form>")[0] ?? "").matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1];
    if (name !== undefined) hidden[name] = decode(/value="([^"]*)"/.exec(tag)?.[1] ?? "");
  }
  return hidden;
}

function decode(html: string): string {
  return html
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** A browser without script, of one person or of nobody. */
function visitor(baseURL: string | undefined, token?: string) {
  const own = new URL(baseURL ?? "").origin;
  const cookie: Record<string, string> = token === undefined ? {} : { cookie: `cairn.session=${token}` };
  const read = async (path: string) => {
    const response = await fetch(own + path, { headers: cookie, redirect: "manual" });
    return { status: response.status, html: await response.text() };
  };
  return {
    read,
    /** Fills in the form with that field on a page and sends it. */
    async send(path: string, field: string, fields: Fields) {
      const { html } = await read(path);
      const boundary = "cairn-form-boundary";
      const parts = Object.entries({ ...hiddenFields(html, field), ...fields }).map(([name, value]) =>
        Buffer.concat([
          Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
          Buffer.from(value),
          Buffer.from("\r\n"),
        ]),
      );
      const response = await fetch(own + path, {
        method: "POST",
        redirect: "manual",
        headers: { ...cookie, origin: own, "content-type": `multipart/form-data; boundary=${boundary}` },
        body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
      });
      return { status: response.status, text: decode(await response.text()), response };
    },
  };
}

async function makeTodo(person: Person, more: object = {}): Promise<string> {
  const made = await createTodo(person.scope(), { title: "Untouched", ...more });
  if (!made.ok) throw new Error(made.code);
  return made.data.id;
}

function newEmail(): string {
  return `${newId()}@cairn.example`;
}

const edit = {
  title: "Changed",
  description: "",
  dueDate: "",
  dueTime: "",
  priority: "0",
  scheduledFor: "",
  tags: "",
};
const fiftyOne = Array.from({ length: 51 }, (_, index) => `tag ${index}`).join(",");

/** What is put into the form of a todo, and the message that it gets. */
const refusals: [string, Fields, string][] = [
  ["an empty title", { title: "   " }, "Enter a title."],
  ["a title that nobody can see", { title: "\u200b\u200f" }, "Enter a title."],
  ["a title of 201 characters", { title: "x".repeat(201) }, "Use at most 200 characters; this has 201."],
  [
    "a description of 10,001 characters",
    { description: "x".repeat(10_001) },
    "Use at most 10,000 characters; this has 10,001.",
  ],
  ["NUL in the title", { title: "a\u0000b" }, UNSTORABLE],
  ["NUL in the description", { description: "a\u0000b" }, UNSTORABLE],
  ["NUL in a tag", { tags: "home, a\u0000b" }, UNSTORABLE],
  ["a control character in the title", { title: "a\u0007b" }, UNSTORABLE],
  ["a control character in the description", { description: "a\u001bb" }, UNSTORABLE],
  ["a day that does not exist", { dueDate: "2026-02-30" }, "2026-02-30 is not a day."],
  ["a day of the year 10000", { dueDate: "10000-01-01" }, "Choose a date between 1970 and 9999."],
  ["a time that does not exist", { dueDate: "2999-01-01", dueTime: "25:00" }, "HH:MM"],
  ["a time without a day", { dueTime: "10:00" }, "A time needs a due date."],
  ["a day that does not exist to do it on", { scheduledFor: "2026-02-30" }, "2026-02-30 is not a day."],
  ["priority 6", { priority: "6" }, "Choose a priority from 0 to 5."],
  ["a priority that is no number", { priority: "high" }, "Choose a priority from 0 to 5."],
  ["priority 5 without a due date", { priority: "5" }, "Priority 4 and 5 need a due date."],
  ["51 tags", { tags: fiftyOne }, "Use at most 50 tags; there are 51."],
  ["a tag of 51 characters", { tags: "x".repeat(51) }, "Use at most 50 characters; this has 51."],
  ["a malformed id", { id: "'; drop table todos; --" }, NOT_THERE],
  ["an id with NUL", { id: "\u0000" }, NOT_THERE],
  ["an id that never was", { id: newId() }, NOT_THERE],
  ["a version that is none", { version: "-1" }, "Reload the page and edit again."],
  ["a form of 2 MB", { description: "x".repeat(2_000_000) }, "This is too large to save."],
];

test.describe("the form of a todo", () => {
  for (const [what, fields, message] of refusals) {
    test(`says what is wrong with ${what}, keeps what was typed, and changes nothing`, async ({
      person,
      baseURL,
    }) => {
      const id = await makeTodo(person);
      const path = `/todos/${id}`;
      const answer = await visitor(baseURL, person.token).send(path, "description", { ...edit, ...fields });
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(message);
      // What was typed in another field is there, too; a form that is too large is given back whole.
      if (fields.title === undefined) expect(answer.text).toContain('value="Changed"');
      expect(await getTodo(person.scope(), id)).toMatchObject({ title: "Untouched", version: 1, tags: [] });
    });
  }

  test("does not find what is somebody else's", async ({ person, database, baseURL }) => {
    const other = await createPerson(database, { name: "Noah" });
    const theirs = await makeTodo(other);
    const mine = await makeTodo(person);
    const fields = { ...edit, id: theirs };
    const answer = await visitor(baseURL, person.token).send(`/todos/${mine}`, "description", fields);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(NOT_THERE);
    expect(await getTodo(other.scope(), theirs)).toMatchObject({ title: "Untouched", version: 1 });
    expect((await visitor(baseURL, person.token).read(`/todos/${theirs}`)).status).toBe(404);
  });

  test("shows both sides of a stale version", async ({ person, database, baseURL }) => {
    const id = await makeTodo(person);
    await database.sql("update todos set title = 'Changed elsewhere' where id = $1", [id]);
    const answer = await visitor(baseURL, person.token).send(`/todos/${id}`, "description", {
      ...edit,
      version: "1",
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("Changed elsewhere");
    expect(answer.text).toContain('value="Changed"');
    expect(await getTodo(person.scope(), id)).toMatchObject({ title: "Changed elsewhere", version: 2 });
  });

  const stored: Record<string, string> = {
    markup: `<script>alert("x")</script><img src=x onerror=alert(1)> &amp; </textarea>`,
    "right-to-left text with its marks": "שלום \u202eעולם\u202c مرحبا",
    "emoji of four bytes": "🪨🧗🏽‍♀️👩‍👩‍👧‍👦",
    "letters in parts": "Cafe\u0301 A\u030angstro\u0308m",
    "SQL and search operators": "'; drop table todos; -- & | ! <-> :* %_\\",
    "200 emoji": "🪨".repeat(200),
  };
  for (const [what, text] of Object.entries(stored)) {
    test(`stores ${what} exactly, and shows it so`, async ({ person, baseURL }) => {
      const id = await makeTodo(person);
      const browser = visitor(baseURL, person.token);
      const fields = { ...edit, title: text, description: `${text}\r\n${text}` };
      expect((await browser.send(`/todos/${id}`, "description", fields)).status).toBe(303);
      const expected = { title: text, description: `${text}\n${text}` };
      expect(await getTodo(person.scope(), id)).toMatchObject(expected);
      const { html } = await browser.read(`/todos/${id}`);
      expect(html).not.toContain("<script>alert");
      expect(decode(html)).toContain(`value="${text}"`);
    });
  }

  test("takes bytes that are no text as the signs that stand for them", async ({ person, baseURL }) => {
    const id = await makeTodo(person);
    // A lone surrogate as UTF-8 would write it, and a byte that begins nothing.
    const title = Buffer.from([0x61, 0xed, 0xa0, 0x80, 0xff, 0x62]);
    const answer = await visitor(baseURL, person.token).send(`/todos/${id}`, "description", {
      ...edit,
      title,
    });
    expect(answer.status).toBe(303);
    expect((await getTodo(person.scope(), id))?.title).toMatch(/^a\ufffd+b$/);
  });
});

test.describe("the other forms", () => {
  const others: [string, string, Fields, string][] = [
    ["/todos", "title", { title: "a\u0000b" }, UNSTORABLE],
    ["/todos", "title", { title: "" }, "Enter a title."],
    ["/todos", "title", { title: "x", dueDate: "2001-01-01" }, "Choose today or a later day."],
    ["/tags", "name", { name: "a\u0000b", colour: "#123456" }, UNSTORABLE],
    ["/tags", "name", { name: "x".repeat(51), colour: "#123456" }, "Use at most 50 characters; this has 51."],
    ["/tags", "name", { name: "x", colour: "red; background: url(//evil.example)" }, "Choose a colour"],
    [
      "/settings",
      "timeZone",
      { name: "a\u0000b", timeZone: "UTC", weekStart: "1", theme: "dark" },
      UNSTORABLE,
    ],
    [
      "/settings",
      "timeZone",
      { name: "Ada", timeZone: "Mars/Olympus", weekStart: "1", theme: "dark" },
      "Choose a time zone from the list.",
    ],
    [
      "/settings",
      "timeZone",
      { name: "Ada", timeZone: "UTC", weekStart: "9", theme: "dark" },
      "Choose Monday, Saturday or Sunday.",
    ],
  ];
  for (const [path, field, fields, message] of others) {
    test(`on ${path} say "${message}" to ${JSON.stringify(fields).slice(0, 60)}`, async ({
      person,
      baseURL,
    }) => {
      const answer = await visitor(baseURL, person.token).send(path, field, fields);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(message);
    });
  }

  const visitors: [string, string, Fields, string][] = [
    ["/sign-up", "NUL in a name", { name: "a\u0000b" }, UNSTORABLE],
    ["/sign-up", "NUL in an address", { email: "a\u0000@b.example" }, "Enter an e-mail address such as"],
    ["/sign-up", "a password of 257 characters", { password: "x".repeat(257) }, "at most 256 characters"],
    ["/sign-in", "NUL in an address", { email: "a\u0000@b.example" }, "Enter an e-mail address such as"],
    ["/sign-in", "a wrong password", { password: "\u0000" }, "The e-mail address or the password is wrong."],
  ];
  for (const [path, what, fields, message] of visitors) {
    test(`on ${path} say "${message}" to ${what}`, async ({ baseURL }) => {
      const right = { name: "Ada", email: newEmail(), password: "long enough" };
      const answer = await visitor(baseURL).send(path, "password", { ...right, ...fields });
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(message);
    });
  }

  test("take any characters for a password, and know them again", async ({ baseURL }) => {
    const browser = visitor(baseURL);
    const account = { email: newEmail(), password: "\u0000\u0007 🪨 \u202e</script>" };
    expect((await browser.send("/sign-up", "password", { name: "Ada", ...account })).status).toBe(303);
    expect((await browser.send("/sign-in", "password", account)).status).toBe(303);
  });
});

test("markup in every field is text on every page", async ({ database, baseURL }) => {
  test.setTimeout(90_000);
  const markup = `<script>alert("x")</script>`;
  const person = await createPerson(database, { name: "Ada" });
  const browser = visitor(baseURL, person.token);
  const send = async (path: string, field: string, fields: Fields) =>
    expect((await browser.send(path, field, fields)).status).toBe(303);
  await send("/settings", "timeZone", { name: markup, timeZone: "UTC", weekStart: "1", theme: "dark" });
  await send("/tags", "name", { name: `${markup} tag`, colour: "#123456" });
  const dueDate = "2999-01-01";
  await send("/todos", "title", { title: markup, dueDate, priority: "5", tags: `${markup} tag, ${markup}` });
  const id = await makeTodo(person);
  await send(`/todos/${id}`, "description", { ...edit, title: markup, description: markup, tags: markup });
  const gone = await makeTodo(person, { title: markup, description: markup, tags: [markup] });
  expect((await deleteTodo(person.scope(), { id: gone })).ok).toBe(true);

  const query = encodeURIComponent(markup);
  const paths = [`/todos/${id}`, `/todos/${gone}`, `/search?q=${query}`, `/todos?q=${query}&tag=${query}`];
  for (const path of [...signedInPages.map(([page]) => page), ...paths]) {
    const { status, html } = await browser.read(path);
    expect([path, status]).toEqual([path, 200]);
    expect(html).toContain("&lt;script&gt;alert(");
    expect(html).not.toMatch(/<script>alert|alert\("x"\)<\/script>/);
  }
});

test("a tag's name in two normal forms is one tag", async ({ person, baseURL }) => {
  const id = await makeTodo(person);
  const tags = "Caf\u00e9, Cafe\u0301, CAFE\u0301";
  const browser = visitor(baseURL, person.token);
  expect((await browser.send(`/todos/${id}`, "description", { ...edit, tags })).status).toBe(303);
  expect((await getTodo(person.scope(), id))?.tags.map(({ name }) => name)).toEqual(["Caf\u00e9"]);
  const again = await browser.send("/tags", "name", { name: "cafe\u0301", colour: "#123456" });
  expect([again.status, again.text]).toEqual([
    200,
    expect.stringContaining("There is already a tag with this name."),
  ]);
});

test("no address inside is an error, whatever it says", async ({ person, baseURL }) => {
  const browser = visitor(baseURL, person.token);
  await makeTodo(person, { title: "Still here" });
  const queries = [
    "/todos?cursor=%00",
    "/todos?q=%00&tag=%07&status=",
    "/todos?tag=%ED%A0%80",
    "/todos?priority=6&from=10000-01-01&to=2026-02-30",
    "/todos?__proto__=x&constructor=y&toString=z&hasOwnProperty=1",
    "/todos?status=open&status=nothing",
    `/todos?q=${"%F0%9F%AA%A8".repeat(600)}`,
    "/trash?cursor=eyJzb3J0IjoiZGVsZXRlZCJ9",
    "/trash?cursor=%00",
    "/activity?cursor=%00",
    "/activity?cursor=1&cursor=2",
    "/search?q=%00&q=%ED%A0%80",
    "/search?q=%F0%9F%AA%A8+%26+%7C+%21+%3C-%3E+%3A*+%28",
    "/today?status=%00",
    "/upcoming?cursor=abc",
    "/dashboard?x=%00",
    "/settings?theme=%00",
    "/tags?tag=%00",
  ];
  const statuses = Object.fromEntries(
    await Promise.all(queries.map(async (path) => [path, (await browser.read(path)).status] as const)),
  );
  expect(statuses).toEqual(Object.fromEntries(queries.map((path) => [path, 200])));
  for (const id of ["x", "%00", "%ED%A0%80", "%27%20or%201=1", newId(), newId().toUpperCase()]) {
    expect([id, (await browser.read(`/todos/${id}`)).status]).toEqual([id, 404]);
  }
  for (const path of ["/%ff", "/%E0%A4%A", "/today/%ED%A0%80", "/.%2e/%00"]) {
    const answer = await browser.read(path);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.html).toContain("</html>");
  }
});
