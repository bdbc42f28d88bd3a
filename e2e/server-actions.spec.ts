import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { APIRequestContext, APIResponse } from "@playwright/test";
import { z } from "zod";
import { getHistory } from "@/lib/audit/repository";
import { newId } from "@/lib/db/id";
import { createTag } from "@/lib/tags/repository";
import { createTodo, updateTodo } from "@/lib/todos/repository";
import type { Person } from "../tests/helpers/people";
import { expect, given, test } from "./fixtures";

/**
 * Each action is a public endpoint, listed in the build. Here all of them are asked as anybody can ask them, past every
 * form and every type: with plain HTTP requests to the production server.
 */
const manifest = z
  .object({ node: z.record(z.string(), z.object({ exportedName: z.string(), filename: z.string() })) })
  .parse(
    JSON.parse(
      readFileSync(join(given("CAIRN_BUILD_FOLDER"), "server/server-reference-manifest.json"), "utf8"),
    ),
  );
const endpoints = Object.entries(manifest.node)
  .map(([id, { exportedName, filename }]) => ({ id, name: exportedName, file: filename }))
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** An input that each action takes, once it was given the person's own todo and tags. */
type Own = {
  todo: string;
  trashed: string;
  tag: string;
  other: string;
  /** Its title was changed, by this command and in this entry of its history. */
  edited: string;
  command: string;
  entry: string;
};
const valid: Record<string, (own: Own) => object> = {
  addTodo: () => ({ title: "Write" }),
  saveTodo: ({ todo }) => ({ id: todo, version: 1, title: "Write more" }),
  start: ({ todo }) => ({ id: todo }),
  complete: ({ todo }) => ({ id: todo }),
  cancel: ({ todo }) => ({ id: todo }),
  reopen: ({ todo }) => ({ id: todo }),
  remove: ({ todo }) => ({ id: todo }),
  restore: ({ trashed }) => ({ id: trashed }),
  purge: ({ trashed }) => ({ id: trashed }),
  undo: ({ command }) => ({ commandId: command }),
  revert: ({ edited, entry }) => ({ id: edited, entryId: entry, field: "title", version: 2 }),
  createTag: () => ({ name: "new" }),
  updateTag: ({ tag }) => ({ id: tag, name: "new", colour: "#123456" }),
  deleteTag: ({ tag }) => ({ id: tag }),
  mergeTags: ({ tag, other }) => ({ from: tag, into: other }),
  saveSettings: () => ({ name: "Ada", timeZone: "UTC", weekStart: 1, theme: "dark" }),
};
/** Those for people who are not signed in; how they answer what is right is tested in auth.spec.ts. */
const forVisitors = ["signIn", "signOut", "signUp"];

const texts = {
  empty: "",
  nul: "a\u0000b",
  control: "a\u0007b",
  loneSurrogate: "a\ud800b",
  sql: "'; drop table todos; --",
  long: "x".repeat(20_000),
};
const fields = [
  "id",
  "title",
  "name",
  "email",
  "password",
  "from",
  "into",
  "theme",
  "commandId",
  "entryId",
  "field",
  "version",
];
const everyField = (value: unknown) => Object.fromEntries(fields.map((field) => [field, value]));

/** What no form of ours sends: each is an argument list, as React writes it. */
const malformed: Record<string, unknown> = {
  "nothing at all": [],
  "no input": [null],
  null: [null, null],
  "a number": [null, 7],
  "a text": [null, "x"],
  "a list": [null, []],
  "an empty object": [null, {}],
  "objects for texts": [null, everyField({ $ne: null })],
  "lists for texts": [null, everyField(["x"])],
  "numbers for texts": [null, everyField(7)],
  "a day for the input": [null, "$D2026-11-20T00:00:00.000Z"],
  undefined: [null, "$undefined"],
  infinity: [null, "$Infinity"],
  "a promise that is never kept": [null, "$@1"],
  "a prototype": [null, { ["__proto__"]: { title: "x", id: "x" }, constructor: { prototype: {} } }],
  ...Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [`${name} in every field`, [null, everyField(text)]]),
  ),
};

type Sent = { origin?: string; token?: string | undefined; headers?: Record<string, string> };

function makeAsk(request: APIRequestContext, baseURL: string | undefined) {
  const own = new URL(baseURL ?? "").origin;
  return (id: string, list: unknown, { origin = own, token, headers = {} }: Sent = {}) =>
    request.post("/today", {
      headers: {
        "next-action": id,
        "content-type": "text/plain;charset=UTF-8",
        ...(origin === "none" ? {} : { origin }),
        ...(token === undefined ? {} : { cookie: `cairn.session=${token}` }),
        ...headers,
      },
      data: JSON.stringify(list),
      maxRedirects: 0,
    });
}

/** The code of an action's answer ("ok" for a success) out of React's stream. */
async function codeOf(response: APIResponse): Promise<string> {
  const text = await response.text();
  const line = text.split("\n").find((row) => /^\w+:\{"ok":/.test(row));
  if (line === undefined) return `${response.status()} ${text.slice(0, 200)}`;
  const { ok, code } = z
    .object({ ok: z.boolean(), code: z.string().optional() })
    .parse(JSON.parse(line.slice(line.indexOf(":") + 1)));
  return ok ? "ok" : `${code}`;
}

async function makeOwn(person: Person): Promise<Own> {
  const made = await createTodo(person.scope(), { title: "Mine" });
  const trashed = newId();
  const gone = await createTodo(person.scope(), { id: trashed, title: "Gone" });
  const tag = await createTag(person.scope(), { name: "one", colour: "#123456", icon: null });
  const other = await createTag(person.scope(), { name: "two", colour: "#123456", icon: null });
  const edited = await createTodo(person.scope(), { title: "Edited" });
  if (!made.ok || !gone.ok || !tag.ok || !other.ok || !edited.ok) throw new Error("Nothing was made");
  const scope = person.scope();
  await updateTodo(scope, { id: edited.data.id, version: 1, title: "Edited since" });
  const [entry] = await getHistory(person.scope(), edited.data.id);
  return {
    todo: made.data.id,
    trashed,
    tag: tag.data.id,
    other: other.data.id,
    edited: edited.data.id,
    command: scope.commandId,
    entry: entry?.id ?? "",
  };
}

test.use({ storageState: { cookies: [], origins: [] } });

test("the endpoints are the exports of the files of actions, and all of them are tried here", () => {
  const files = readdirSync("lib", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("actions.ts"))
    .map((file) => `lib/${file}`);
  expect([...new Set(endpoints.map(({ file }) => file))].toSorted()).toEqual(files.toSorted());
  expect(endpoints.map(({ name }) => name)).toEqual([...Object.keys(valid), ...forVisitors].toSorted());
});

for (const { id, name } of endpoints) {
  test.describe(`the endpoint of ${name}`, () => {
    test("refuses every request that is not from our own pages, and asks the database nothing", async ({
      request,
      person,
      requests,
      baseURL,
    }) => {
      const ask = makeAsk(request, baseURL);
      const own = await makeOwn(person);
      const list = [null, valid[name]?.(own) ?? {}];
      const { token } = person;
      const count = await requests.during(async () => {
        expect(await codeOf(await ask(id, list, { origin: "none", token }))).toBe("forbidden");
        for (const origin of ["https://evil.example", "null", ""]) {
          const headers = { "x-forwarded-host": "evil.example" };
          for (const more of [{}, { headers }]) {
            expect((await ask(id, list, { origin, token, ...more })).status()).toBe(403);
          }
        }
      });
      expect(count).toBe(0);
    });

    if (name === "signOut") return; // It takes no input.
    test("answers whatever else is sent with a refusal", async ({ request, person, requests, baseURL }) => {
      const ask = makeAsk(request, baseURL);
      const { token } = person;
      const answers: Record<string, string> = {};
      for (const [what, list] of Object.entries(malformed)) {
        let code = "";
        const count = await requests.during(async () => {
          code = await codeOf(await ask(id, list, { token }));
        });
        answers[what] = code === "invalid" ? `invalid after ${count} requests` : code;
      }
      const wrong = Object.entries(answers).filter(
        ([, answer]) => answer !== "invalid after 0 requests" && answer !== "not_found",
      );
      expect(wrong).toEqual([]);
    });

    if (forVisitors.includes(name)) return;
    test("takes nothing from people who are not signed in", async ({
      request,
      person,
      database,
      baseURL,
    }) => {
      const ask = makeAsk(request, baseURL);
      const own = await makeOwn(person);
      if (["restore", "purge"].includes(name)) {
        await database.sql("update todos set deleted_at = now() where id = $1", [own.trashed]);
      }
      if (name === "reopen") {
        await database.sql("update todos set status = 'cancelled' where id = $1", [own.todo]);
      }
      const list = [null, valid[name]?.(own)];
      const before = await database.sql("select to_jsonb(todos) from todos where user_id = $1 order by id", [
        person.userId,
      ]);
      expect(await codeOf(await ask(id, list))).toBe("signed_out");
      expect(await codeOf(await ask(id, list, { token: "made-up" }))).toBe("signed_out");
      expect(
        await database.sql("select to_jsonb(todos) from todos where user_id = $1 order by id", [
          person.userId,
        ]),
      ).toEqual(before);
      // The very same request of its person does what it says: it was the session that was missing.
      expect(await codeOf(await ask(id, list, { token: person.token }))).toBe("ok");
    });
  });
}
