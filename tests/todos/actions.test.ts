import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { sessionCookieName } from "@/lib/auth/cookie";
import { newId } from "@/lib/db/id";
import * as actions from "@/lib/todos/actions";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeTodo } from "../helpers/rows";

/** The browser's request, which only a running server has; everything behind it is the real thing. */
const request = vi.hoisted(() => ({ headers: new Headers(), cookies: new Map<string, string>() }));
vi.mock("next/headers", () => ({
  headers: () => Promise.resolve(request.headers),
  cookies: () =>
    Promise.resolve({
      get: (name: string) => {
        const value = request.cookies.get(name);
        return value === undefined ? undefined : { name, value };
      },
    }),
}));

let database: TestDatabase;
let proxy: CountingProxy;
let mia: Person;
let foreign: string;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startCountingProxy(database.endpoint);
  vi.stubEnv("DATABASE_URL", database.databaseUrl);
  vi.stubEnv("NEON_HTTP_ENDPOINT", proxy.url);
  vi.stubEnv("AUTH_SECRET", database.authSecret);
  vi.stubEnv("AUTH_URL", "https://cairn.example");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await proxy.stop();
  await database.drop();
});
beforeEach(async () => {
  mia = await createPerson(database);
  const noah = await createPerson(database);
  foreign = await writeTodo(database, noah);
  request.headers = new Headers({ origin: "https://cairn.example", "next-action": "x" });
  request.cookies = new Map([[sessionCookieName(true), mia.token]]);
  proxy.reset();
});

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

/** Where a form sent without JavaScript is led. */
async function redirection(answer: Promise<unknown>): Promise<string | null> {
  const error: unknown = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  const digest: unknown = error instanceof Error ? Reflect.get(error, "digest") : null;
  return typeof digest === "string" ? (digest.split(";")[2] ?? null) : null;
}

const none = { overdue: 0, today: 0, upcoming: 0, open: 0, trash: 0 };

describe("an action on a todo", () => {
  it("answers with the todo and the counts after it, in one request", async () => {
    const id = newId();
    const answer = (status: string, counts: object) => ({
      ok: true,
      data: { todo: { id, status }, counts: { ...none, ...counts } },
    });
    expect(await actions.addTodo(null, { id, title: "Write" })).toMatchObject(answer("pending", { open: 1 }));
    expect(await actions.start(null, { id })).toMatchObject(answer("in_progress", { open: 1 }));
    expect(await actions.complete(null, { id })).toMatchObject(answer("completed", {}));
    expect(await actions.reopen(null, { id })).toMatchObject(answer("pending", { open: 1 }));
    expect(await actions.cancel(null, { id })).toMatchObject(answer("cancelled", {}));
    expect(await actions.reopen(null, { id })).toMatchObject(answer("pending", { open: 1 }));
    const edit = { id, version: 6, title: "Write more", dueDate: "9999-12-31" };
    expect(await actions.saveTodo(null, edit)).toMatchObject(answer("pending", { open: 1, upcoming: 1 }));
    expect(await actions.remove(null, { id })).toMatchObject(answer("pending", { trash: 1 }));
    expect(await actions.restore(null, { id })).toMatchObject(answer("pending", { open: 1, upcoming: 1 }));
    expect(await actions.remove(null, { id })).toMatchObject(answer("pending", { trash: 1 }));
    expect(await actions.purge(null, { id })).toEqual({ ok: true, data: { id, counts: none } });
    expect(proxy.requests).toHaveLength(11);
  });

  it("finds nothing of others', whatever is done to it", async () => {
    const { addTodo, saveTodo, ...byId } = actions;
    const answers = [
      await addTodo(null, { id: foreign, title: "x" }),
      await saveTodo(null, { id: foreign, version: 1, title: "x" }),
      ...(await Promise.all(Object.values(byId).map((action) => action(null, { id: foreign })))),
    ];
    expect(answers).toHaveLength(9);
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, code: "not_found" });
    const [row] = await database.sql("select version, title, deleted_at from todos where id = $1", [foreign]);
    expect(row).toEqual({ version: 1, title: "Buy milk", deleted_at: null });
  });

  it("gives a refused form back with what was typed, and without asking the database", async () => {
    const typed = {
      title: "",
      description: "kept\nas typed",
      priority: "5",
      dueDate: "2026-02-30",
      tags: "a, b",
    };
    expect(await actions.addTodo(null, form(typed))).toEqual({
      ok: false,
      code: "invalid",
      message: "Please check the marked fields.",
      fields: { title: ["Enter a title."], dueDate: ["2026-02-30 is not a day."] },
      values: typed,
    });
    expect(proxy.requests).toHaveLength(0);
  });

  it("gives what the database refused back beside its field, too", async () => {
    const answer = await actions.addTodo(null, form({ title: "x", dueDate: "2001-01-01" }));
    expect(answer).toMatchObject({
      code: "invalid",
      fields: { dueDate: ["Choose today or a later day."] },
      values: { title: "x", dueDate: "2001-01-01" },
    });
  });

  it("gives both sides of a conflict", async () => {
    const id = await writeTodo(database, mia, { title: "Theirs" });
    await actions.saveTodo(null, { id, version: 1, title: "First" });
    expect(await actions.saveTodo(null, form({ id, version: "1", title: "Second" }))).toMatchObject({
      code: "conflict",
      current: { id, title: "First", version: 2 },
      values: { title: "Second" },
    });
  });

  it("refuses what is larger than a form may be", async () => {
    const answer = await actions.addTodo(
      null,
      form({ title: "x", description: "x".repeat(2 * 1024 * 1024) }),
    );
    expect(answer).toMatchObject({ ok: false, code: "too_large" });
    expect(proxy.requests).toHaveLength(0);
  });

  it("refuses requests of other sites and of nobody", async () => {
    request.headers.set("origin", "https://evil.example");
    expect(await actions.addTodo(null, { title: "x" })).toMatchObject({ code: "forbidden" });
    request.headers.delete("origin");
    expect(await actions.addTodo(null, { title: "x" })).toMatchObject({ code: "forbidden" });
    request.headers.set("origin", "https://cairn.example");
    request.cookies.clear();
    expect(await actions.addTodo(null, { title: "x" })).toMatchObject({ code: "signed_out" });
    expect(proxy.requests).toHaveLength(0);
    request.cookies.set(sessionCookieName(true), "forged");
    expect(await actions.addTodo(null, { title: "x" })).toMatchObject({ code: "signed_out" });
    const [row] = await database.sql("select count(*)::int as count from todos where user_id = $1", [
      mia.userId,
    ]);
    expect(row).toEqual({ count: 0 });
  });

  it("says that the database cannot be reached, and keeps what was typed", async () => {
    proxy.setFault(() => ({ kind: "lose-request" }));
    const answer = await actions.addTodo(null, form({ title: "Do not lose me" }));
    proxy.setFault(null);
    expect(answer).toMatchObject({ code: "unavailable", values: { title: "Do not lose me" } });
  });

  it("leads a form that was sent without JavaScript back to its page, so that a reload repeats nothing", async () => {
    request.headers.delete("next-action");
    const sent = actions.addTodo(null, form({ title: "x", returnTo: "/upcoming" }));
    expect(await redirection(sent)).toBe("/upcoming");
    request.headers.set("referer", "https://cairn.example/todos?status=done");
    expect(await redirection(actions.addTodo(null, form({ title: "y" })))).toBe("/todos?status=done");
    const evil = actions.addTodo(null, form({ title: "z", returnTo: "//evil.example" }));
    expect(await redirection(evil)).toBe("/today");
    // A refused one stays, with what was typed.
    expect(await actions.addTodo(null, form({ title: "" }))).toMatchObject({ code: "invalid" });
  });

  it("takes nothing that is neither a form nor an input, as anybody may send", async () => {
    const anything: unknown[] = [undefined, null, 7, "x", [], { title: { $ne: null } }, { title: ["x"] }];
    for (const input of anything) {
      // A server action is a public endpoint: what TypeScript refuses arrives all the same.
      expect(await actions.addTodo(null, input as { title: string })).toMatchObject({ code: "invalid" });
      expect(await actions.complete(null, input as { id: string })).toMatchObject({ code: "invalid" });
    }
    expect(proxy.requests).toHaveLength(0);
  });
});
