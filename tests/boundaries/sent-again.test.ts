import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Action } from "@/lib/action";
import { revert, undo } from "@/lib/audit/actions";
import { getHistory, listActivity, undoCommand } from "@/lib/audit/repository";
import { sessionCookieName } from "@/lib/auth/cookie";
import { newId } from "@/lib/db/id";
import { COMMAND_KEY_MINUTES_MAX } from "@/lib/db/limits";
import * as tags from "@/lib/tags/actions";
import * as todos from "@/lib/todos/actions";
import { deleteTodo } from "@/lib/todos/repository";
import { everyRow } from "../helpers/every-row";
import type { Person } from "../helpers/people";
import { writeTag, writeTodo } from "../helpers/rows";
import { done, twoPeople } from "../todos/world";

/** The browser's request, which only a running server has; everything behind it is the real thing. */
const request = vi.hoisted(() => ({ headers: new Headers(), token: "" }));
vi.mock("next/headers", () => ({
  headers: () => Promise.resolve(request.headers),
  cookies: () =>
    Promise.resolve({
      get: (name: string) => (name === sessionCookieName(true) ? { name, value: request.token } : undefined),
    }),
}));

const world = twoPeople();
beforeAll(() => {
  vi.stubEnv("DATABASE_URL", world.database.databaseUrl);
  vi.stubEnv("NEON_HTTP_ENDPOINT", world.proxy.url);
  vi.stubEnv("AUTH_SECRET", world.database.authSecret);
  vi.stubEnv("AUTH_URL", "https://cairn.example");
});
afterAll(() => vi.unstubAllEnvs());
beforeEach(() => {
  request.headers = new Headers({ origin: "https://cairn.example", "next-action": "x" });
});

type Answered = { commandId: string };

/** Asks an action as the script of a person's page does. */
function ask<Input, Data, Current>(
  person: Person,
  action: Action<Input, Data, Current>,
  input: Input,
  key?: unknown,
): ReturnType<Action<Input, Data, Current>> {
  request.token = person.token;
  // A server action is a public endpoint: what TypeScript refuses arrives all the same.
  return action(null, input, key as string);
}

/** The command that an action answers with. */
async function commandOf(answer: ReturnType<Action<never, Answered>>): Promise<string> {
  return (await done(answer)).commandId;
}

const statusOf = async (id: string) =>
  (await world.database.sql("select status from todos where id = $1", [id]))[0]?.status;

/** What a person did that can, or could, be taken back. */
const activityOf = async (person: Person) =>
  (await listActivity(person.scope())).commands.filter((command) => command.undo !== null);

const HALF = COMMAND_KEY_MINUTES_MAX * 30_000;

/** Each action that offers to be taken back, sent by script on something that it changes. */
const clicks: Record<string, () => Promise<(key: string) => ReturnType<Action<never, Answered>>>> = {
  addTodo: async () => {
    const input = { id: newId(), title: "Write", tags: ["New"] };
    return (key) => ask(world.mia, todos.addTodo, input, key);
  },
  saveTodo: async () => {
    const id = await writeTodo(world.database, world.mia);
    return (key) => ask(world.mia, todos.saveTodo, { id, version: 1, title: "New", tags: ["New"] }, key);
  },
  start: byId(todos.start),
  complete: byId(todos.complete),
  reopen: byId(todos.reopen, { status: "cancelled" }),
  cancel: byId(todos.cancel),
  remove: byId(todos.remove),
  restore: byId(todos.restore, { deleted: true }),
  revert: async () => {
    const id = await writeTodo(world.database, world.mia, { title: "Old" });
    await done(ask(world.mia, todos.saveTodo, { id, version: 1, title: "New" }));
    const [entry] = await getHistory(world.mia.scope(), id);
    const input = { id, entryId: String(entry?.id), field: "title" as const, version: 2 };
    return (key) => ask(world.mia, revert, input, key);
  },
  createTag: async () => (key) => ask(world.mia, tags.createTag, { name: "New" }, key),
  updateTag: async () => {
    const id = await writeTag(world.database, world.mia, "Old");
    return (key) => ask(world.mia, tags.updateTag, { id, name: "New", colour: "#123456" }, key);
  },
  deleteTag: async () => {
    const id = await writeTag(world.database, world.mia, "Old");
    return (key) => ask(world.mia, tags.deleteTag, { id }, key);
  },
  mergeTags: async () => {
    const [from, into] = [
      await writeTag(world.database, world.mia, "From"),
      await writeTag(world.database, world.mia, "Into"),
    ];
    return (key) => ask(world.mia, tags.mergeTags, { from, into }, key);
  },
};

function byId(action: (typeof todos)["complete"], values: Parameters<typeof writeTodo>[2] = {}) {
  return async () => {
    const id = await writeTodo(world.database, world.mia, values);
    return (key: string) => ask(world.mia, action, { id }, key);
  };
}

describe("a click that is sent again because no answer came", () => {
  it("is tried here for every action whose answer names its command", () => {
    const { purge: _purge, ...undoable } = todos;
    expect(Object.keys(clicks).toSorted()).toEqual(
      [...Object.keys(undoable), ...Object.keys(tags), "revert"].toSorted(),
    );
  });

  it.each(
    Object.entries(clicks).flatMap(([name, make]) => [
      { name, make, fault: { kind: "lose-response" as const } },
      { name, make, fault: { kind: "lose-request" as const } },
    ]),
  )("$name: its Undo takes back what it did ($fault.kind)", async ({ make, fault }) => {
    const { database, proxy, mia } = world;
    const click = await make();
    const key = newId();
    const [{ last } = { last: null }] = await database.sql("select max(id::text) as last from audit_logs");
    proxy.setFault(() => fault);
    expect(await click(key)).toMatchObject({ ok: false, code: "unavailable" });
    proxy.setFault(null);
    const commandId = await commandOf(click(key));
    const written = "select distinct command_id from audit_logs where id::text > $1";
    expect(await database.sql(written, [last])).toEqual([{ command_id: commandId }]);
    const undone = await done(undoCommand(mia.scope(), { commandId }));
    expect(undone).toMatchObject({ undone: expect.toSatisfy(Boolean), left: [] });
  });

  it("is undone by its message also after another tab had taken back what it did the first time", async () => {
    const { proxy, mia } = world;
    const key = newId();
    const id = await writeTodo(world.database, mia);
    proxy.setFault(() => ({ kind: "lose-response" }));
    await ask(mia, todos.complete, { id }, key);
    proxy.setFault(null);
    const [first] = await activityOf(mia);
    const other = await commandOf(ask(mia, undo, { commandId: String(first?.id) }));
    expect(await statusOf(id)).toBe("pending");

    const again = await commandOf(ask(mia, todos.complete, { id }, key));
    expect(again).toBe(first?.id);
    expect(await activityOf(mia)).toMatchObject([
      { id: other, undo: "possible" },
      { id: again, undo: "possible", count: 2 },
    ]);
    const undone = await commandOf(ask(mia, undo, { commandId: again }));
    expect(await statusOf(id)).toBe("pending");
    await done(ask(mia, undo, { commandId: undone }));
    expect(await statusOf(id)).toBe("completed");
  });

  it("is a command of its own without script, each time", async () => {
    const { database, mia } = world;
    request.headers.delete("next-action");
    request.token = mia.token;
    const id = await writeTodo(database, mia);
    for (const action of [todos.complete, todos.reopen]) {
      const form = new FormData();
      form.set("id", id);
      await expect(action(null, form)).rejects.toThrow("NEXT_REDIRECT");
    }
    const commands =
      "select distinct command_id from audit_logs where entity_id = $1 and command_id is not null";
    expect(await database.sql(commands, [id])).toHaveLength(2);
  });
});

describe("a key of a command", () => {
  it.each<[string, () => unknown]>([
    ["none", () => undefined],
    ["null", () => null],
    ["a number", () => 7],
    ["a list", () => [newId()]],
    ["an object", () => ({ toString: () => newId() })],
    ["a text", () => "x'; drop table todos; --"],
    ["an id in capitals", () => newId().toUpperCase()],
    ["an id with more behind it", () => `${newId()}\n`],
    ["an id from long ago", () => newId(Date.now() - 3 * HALF)],
    ["an id of the future", () => newId(Date.now() + 3 * HALF)],
    ["an id without a moment", () => "ffffffff-ffff-7fff-bfff-ffffffffffff"],
  ])("that is %s is none: each time it is a new command, of now", async (_what, makeKey) => {
    const { mia, database } = world;
    const id = await writeTodo(database, mia);
    const key = makeKey();
    const before = newId();
    const commands = [
      await commandOf(ask(mia, todos.complete, { id }, key)),
      await commandOf(ask(mia, todos.complete, { id }, key)),
    ];
    expect(new Set([...commands, key]).size).toBe(3);
    for (const command of commands) {
      expect(command.slice(0, 8) >= before.slice(0, 8) && command.slice(0, 8) <= newId().slice(0, 8)).toBe(
        true,
      );
    }
  });

  it.each([-HALF, HALF])("may be by a clock that is wrong by %i ms", async (wrong) => {
    const id = await writeTodo(world.database, world.mia);
    const key = newId(Date.now() + wrong);
    const commands = [
      await commandOf(ask(world.mia, todos.complete, { id }, key)),
      await commandOf(ask(world.mia, todos.complete, { id }, key)),
    ];
    expect(new Set(commands).size).toBe(1);
  });

  it("is no command: none that was ever named can be joined, neither one's own nor another's", async () => {
    const { mia, noah, database, foreign } = world;
    const key = newId();
    const theirs = await commandOf(ask(noah, todos.complete, { id: foreign }, key));
    const activity = await activityOf(noah);
    const own = await writeTodo(database, mia);
    const mine = [
      await commandOf(ask(mia, todos.complete, { id: own }, key)),
      await commandOf(ask(mia, todos.reopen, { id: own }, theirs)),
    ];
    mine.push(await commandOf(ask(mia, todos.cancel, { id: own }, mine[0])));
    expect(new Set([key, theirs, ...mine]).size).toBe(5);
    expect(await activityOf(noah)).toEqual(activity);

    const before = await everyRow(database);
    expect(await ask(mia, undo, { commandId: theirs }, key)).toMatchObject({ code: "not_found" });
    expect(await everyRow(database)).toEqual(before);
    for (const commandId of mine.toReversed()) await done(ask(mia, undo, { commandId }, theirs));
    expect([await statusOf(own), await statusOf(foreign)]).toEqual(["pending", "completed"]);
    expect(await done(ask(noah, undo, { commandId: theirs }))).toMatchObject({ todos: [{ id: foreign }] });
  });

  it("that a person uses for two things groups these two alone", async () => {
    const { mia, database } = world;
    const [one, two] = [await writeTodo(database, mia), await writeTodo(database, mia)];
    const key = newId();
    const commandId = await commandOf(ask(mia, todos.complete, { id: one }, key));
    expect(await commandOf(ask(mia, todos.cancel, { id: two }, key))).toBe(commandId);
    expect(await activityOf(mia)).toMatchObject([{ id: commandId, count: 2 }]);
    await done(ask(mia, undo, { commandId }));
    expect([await statusOf(one), await statusOf(two)]).toEqual(["pending", "pending"]);
  });

  it("does not make two undos one, which could take back itself", async () => {
    const { mia, database } = world;
    const id = await writeTodo(database, mia);
    const key = newId();
    const chain = [await commandOf(ask(mia, todos.complete, { id }, key))];
    for (let times = 0; times < 4; times += 1) {
      chain.push(await commandOf(ask(mia, undo, { commandId: String(chain.at(-1)) }, key)));
    }
    expect(new Set(chain).size).toBe(5);
    expect(await statusOf(id)).toBe("completed");
    expect((await activityOf(mia)).map((command) => command.undo)).toEqual([
      "possible",
      "done",
      "possible",
      "done",
      "possible",
    ]);
  });
});

describe("even a scope that was given another's command", () => {
  it("adds nothing to what they see or take back, and takes back nothing of theirs", async () => {
    const { mia, noah, database, foreign } = world;
    const theirs = await commandOf(ask(noah, todos.complete, { id: foreign }));
    const activity = await activityOf(noah);
    const own = await writeTodo(database, mia);
    const scope = () => mia.scope({ commandId: theirs });
    await done(deleteTodo(scope(), { id: own }));
    expect(await activityOf(noah)).toEqual(activity);
    expect(await activityOf(mia)).toMatchObject([{ id: theirs, count: 1 }]);
    expect(await done(undoCommand(mia.scope(), { commandId: theirs }))).toMatchObject({
      todos: [{ id: own }],
    });
    expect(await statusOf(foreign)).toBe("completed");
    expect(await activityOf(noah)).toMatchObject([{ id: theirs, undo: "possible" }]);
  });
});
