import { beforeAll, describe, expect, it } from "vitest";
import { attemptOf, countAttempts, minutesToWait, sweepAttempts } from "@/lib/auth/limits";
import { endSession } from "@/lib/auth/sessions";
import { signUpPerson } from "@/lib/auth/sign-up";
import type { System } from "@/lib/auth/system";
import { openSystemDatabase } from "@/lib/db/client";
import { Refused } from "@/lib/db/errors";
import { newId } from "@/lib/db/id";
import type { Settings } from "@/lib/settings/input";
import { updateSettings } from "@/lib/settings/repository";
import { createTodo } from "@/lib/todos/repository";
import { createPerson, type Person } from "../helpers/people";
import { twoPeople } from "../todos/world";
import { codeOf, meet, rowsOf, wholeTable } from "./meetings";

const world = twoPeople();
let system: System;
beforeAll(() => {
  const { databaseUrl, endpoint, authSecret } = world.database;
  system = { db: openSystemDatabase({ databaseUrl, endpoint }), secret: authSecret };
});

const context = (ip = "192.0.2.1") => ({ now: new Date(), ip, userAgent: "test" });
/** A new person for each round. */
const ground = () => createPerson(world.database);

const signUp = (name: string) => (email: string, round: number) =>
  signUpPerson(
    system,
    { name, email, password: "correct horse", timeZone: undefined },
    context(`198.51.100.${round}`),
  ).then(codeOf, (error: unknown) => {
    if (error instanceof Refused) return error.failure.code;
    throw error;
  });

describe("a person's requests that meet", { timeout: 300_000 }, () => {
  it("leave the settings as one of two saves wants them, and remember both", async () => {
    const one: Settings = { name: "One", timeZone: "Asia/Tokyo", weekStart: 7, theme: "dark" };
    const other: Settings = { name: "Other", timeZone: "Europe/Berlin", weekStart: 6, theme: "light" };
    await meet(
      world.database,
      {
        ground,
        one: (person) => updateSettings(person.scope(), one),
        other: (person) => updateSettings(person.scope(), other),
        lock: (people) => rowsOf("users")(people.map(({ userId }) => userId)),
      },
      async ({ userId }, ...answers) => {
        expect(answers.map(codeOf)).toEqual(["ok", "ok"]);
        const [row] = await world.database.sql("select name, preferences from users where id = $1", [userId]);
        const { name, ...preferences } = row?.name === "One" ? one : other;
        expect(row).toEqual({ name, preferences });
        const log = await world.database.sql<{ name: [string, string] }>(
          "select changes -> 'name' as name from audit_logs where entity_id = $1 and action = 'update' order by id",
          [userId],
        );
        const first = name === "One" ? "Other" : "One";
        expect(log.map((entry) => entry.name)).toEqual([
          ["Ada", first],
          [first, name],
        ]);
      },
    );
  });

  /** What ends a session, and what is asked by it. */
  const endings: Record<string, (person: Person) => Promise<unknown>> = {
    "signing out": ({ token }) => endSession(system, token, context()),
    revocation: ({ tokenHash }) =>
      world.database.sql("update sessions set revoked_at = now() where token_hash = $1", [tokenHash]),
    suspension: ({ userId }) =>
      world.database.sql("update users set status = 'suspended' where id = $1", [userId]),
  };
  it.each(Object.entries(endings))(
    "happen before %s or not at all, and never after it",
    async (_how, end) => {
      await meet(
        world.database,
        {
          ground: async () => ({ person: await ground(), id: newId() }),
          one: ({ person, id }) => createTodo(person.scope(), { id, title: "Buy milk", tags: ["Shop"] }),
          other: ({ person }) => end(person),
        },
        async ({ person, id }, created) => {
          expect(["ok", "signed_out"]).toContain(codeOf(created));
          const held = await world.database.sql(
            "select title, (select count(*)::int from todo_tags where todo_id = todos.id) as tags from todos where id = $1",
            [id],
          );
          expect(held).toEqual(created.ok ? [{ title: "Buy milk", tags: 1 }] : []);
          expect(codeOf(await createTodo(person.scope(), { title: "too late" }))).toBe("signed_out");
        },
      );
    },
  );

  it("make one person of an e-mail address", async () => {
    await meet(
      world.database,
      {
        ground: () => Promise.resolve(`${newId()}@cairn.example`),
        one: signUp("Ada"),
        other: signUp("Bea"),
        lock: wholeTable("users"),
      },
      async (email, ada, bea) => {
        expect([ada, bea].toSorted()).toEqual(["invalid", "ok"]);
        expect(
          await world.database.sql(
            `select u.name, (select count(*)::int from organizations where personal_user_id = u.id) as organizations,
                    (select count(*)::int from memberships where user_id = u.id) as memberships,
                    (select count(*)::int from sessions where user_id = u.id) as sessions
               from users u where email = $1`,
            [email],
          ),
        ).toEqual([{ name: ada === "ok" ? "Ada" : "Bea", organizations: 1, memberships: 1, sessions: 1 }]);
      },
    );
  });

  it("are counted one by one, and let through up to the limit", async () => {
    const limit = { purpose: "test", attempts: 4, minutes: 15 };
    const attempt = async (whom: string) => {
      const attempts = [attemptOf(limit, whom, system.secret)];
      const [counted] = await system.db.batch([countAttempts(system.db, attempts), sweepAttempts(system.db)]);
      return minutesToWait(attempts, counted);
    };
    const three = (whom: string) => Promise.all([attempt(whom), attempt(whom), attempt(whom)]);
    await meet(
      world.database,
      {
        ground: () => Promise.resolve(newId()),
        one: three,
        other: three,
        lock: wholeTable("rate_limits"),
        waiting: 6,
      },
      async (_whom, one, other) => {
        expect([...one, ...other].filter((minutes) => minutes === 0)).toHaveLength(4);
      },
    );
  });
});
