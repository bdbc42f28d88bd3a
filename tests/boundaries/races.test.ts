import { describe, expect, it } from "vitest";
import { signUpPerson } from "@/lib/auth/sign-up";
import { openSystemDatabase } from "@/lib/db/client";
import { newId } from "@/lib/db/id";
import { deleteTag, listTags, mergeTags, updateTag } from "@/lib/tags/repository";
import {
  completeTodo,
  createTodo,
  deleteTodo,
  getTodo,
  purgeTodo,
  restoreTodo,
  updateTodo,
} from "@/lib/todos/repository";
import { atOnce } from "../helpers/gate";
import { writeTag, writeTodo } from "../helpers/rows";
import { done, names, twoPeople } from "../todos/world";

const world = twoPeople();
const ROUNDS = 20;
const LOOK = { colour: "#2f6b4f", icon: null };

/** Runs a round many times: who is first is the machine's to say, and every order has to be right. */
async function rounds(run: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) await run(round);
}

const lockTodo = (id: string) => ({ lock: "select from todos where id = $1 for update", params: [id] });

/** What was done with a thing, oldest first. */
async function actionsOn(id: string): Promise<string[]> {
  const rows = await world.database.sql<{ action: string }>(
    "select action from audit_logs where entity_id = $1 and user_id is not null order by id",
    [id],
  );
  return rows.map(({ action }) => action);
}

describe("a todo that two requests meet at", () => {
  it("takes one of two edits of one version, and shows it to the other", { timeout: 60_000 }, async () => {
    await rounds(async () => {
      const { database, mia } = world;
      const id = await writeTodo(database, mia);
      const answers = await atOnce(database, {
        ...lockTodo(id),
        waiting: 2,
        start: () =>
          Promise.all(
            ["one", "two"].map((title) =>
              updateTodo(mia.scope(), { id, version: 1, title, tags: [`tag ${title}`] }),
            ),
          ),
      });
      const won = answers.filter((answer) => answer.ok);
      const lost = answers.find((answer) => !answer.ok);
      expect(won).toHaveLength(1);
      const todo = won[0]?.data;
      expect(lost).toMatchObject({ code: "conflict", current: todo });
      expect(await getTodo(mia.scope(), id)).toEqual(todo);
      expect(todo).toMatchObject({ version: 2, tags: [{ name: `tag ${todo?.title}` }] });
    });
  });

  it("is completed once, however often at once", { timeout: 60_000 }, async () => {
    await rounds(async () => {
      const { database, mia } = world;
      const id = await writeTodo(database, mia);
      const answers = await atOnce(database, {
        ...lockTodo(id),
        waiting: 3,
        start: () => Promise.all([1, 2, 3].map(() => completeTodo(mia.scope(), { id }))),
      });
      for (const answer of answers) expect(answer).toMatchObject({ ok: true, data: { version: 2 } });
      expect(await actionsOn(id)).toEqual(["complete"]);
    });
  });

  it("is deleted, and completed if that came first", { timeout: 60_000 }, async () => {
    await rounds(async () => {
      const { database, mia } = world;
      const id = await writeTodo(database, mia);
      const [completed, deleted] = await atOnce(database, {
        ...lockTodo(id),
        waiting: 2,
        start: () => Promise.all([completeTodo(mia.scope(), { id }), deleteTodo(mia.scope(), { id })]),
      });
      expect(deleted.ok).toBe(true);
      expect(["ok", "not_found"]).toContain(completed.ok ? "ok" : completed.code);
      expect(await getTodo(mia.scope(), id)).toMatchObject({
        deletedAt: expect.any(Date),
        status: completed.ok ? "completed" : "pending",
      });
      expect(await actionsOn(id)).toEqual(completed.ok ? ["complete", "delete"] : ["delete"]);
    });
  });

  it("is either back or gone when it is restored and purged", { timeout: 60_000 }, async () => {
    await rounds(async () => {
      const { database, mia } = world;
      const id = await writeTodo(database, mia, { deleted: true });
      const [restored, purged] = await atOnce(database, {
        ...lockTodo(id),
        waiting: 2,
        start: () => Promise.all([restoreTodo(mia.scope(), { id }), purgeTodo(mia.scope(), { id })]),
      });
      expect([restored.ok, purged.ok].filter(Boolean)).toHaveLength(1);
      const left = await getTodo(mia.scope(), id);
      expect(left === null ? "gone" : left.deletedAt).toBe(purged.ok ? "gone" : null);
    });
  });
});

describe("a new tag that two todos need at once", () => {
  it("is made once, and both carry it", { timeout: 60_000 }, async () => {
    await rounds(async (round) => {
      const { database, mia } = world;
      const todos = await atOnce(database, {
        lock: "lock table tags in share row exclusive mode",
        waiting: 2,
        start: () =>
          Promise.all(
            [`New ${round}`, `NEW ${round}`].map((name) =>
              done(createTodo(mia.scope(), { title: "x", tags: [name, "Common"] })),
            ),
          ),
      });
      const [one, two] = todos.map(({ tags }) => tags.map(({ id }) => id));
      expect(one).toHaveLength(2);
      expect(two).toEqual(one);
    });
  });
});

describe("a tag that goes while a todo takes it", () => {
  /** Both stand at the links' table: the one who deletes has the tag's row already, or does not. */
  const atLinks = { lock: "lock table todo_tags in share mode", waiting: 2 };

  it(
    "is taken off by its deletion or made again, but the todo is never lost",
    { timeout: 60_000 },
    async () => {
      await rounds(async (round) => {
        const { database, mia } = world;
        const tag = await writeTag(database, mia, `Going ${round}`);
        const [deleted, todo] = await atOnce(database, {
          ...atLinks,
          start: () =>
            Promise.all([
              deleteTag(mia.scope(), { id: tag }),
              createTodo(mia.scope(), { title: "Keep me", tags: [`going ${round}`] }),
            ]),
        });
        expect(deleted.ok).toBe(true);
        expect(todo).toMatchObject({ ok: true });
      });
    },
  );

  it("is made again for a todo that was added after it, not left out without a word", async () => {
    await rounds(async (round) => {
      const { database, mia } = world;
      const tag = await writeTag(database, mia, `Going ${round}`);
      const todo = await atOnce(database, {
        lock: "lock table todo_tags in share mode",
        waiting: 1,
        meanwhile: { sql: "delete from tags where id = $1", params: [tag] },
        start: () => done(createTodo(mia.scope(), { title: "x", tags: [`going ${round}`, "Other"] })),
      });
      expect(names(todo)).toEqual([`going ${round}`, "Other"]);
    });
  });

  it("is made again when it gets another name at that moment", async () => {
    await rounds(async (round) => {
      const { database, mia } = world;
      const tag = await writeTag(database, mia, `Going ${round}`);
      const todo = await atOnce(database, {
        lock: "lock table todo_tags in share mode",
        waiting: 1,
        meanwhile: { sql: "update tags set name = $2 where id = $1", params: [tag, `Gone ${round}`] },
        start: () => done(createTodo(mia.scope(), { title: "x", tags: [`Going ${round}`] })),
      });
      expect(names(todo)).toEqual([`Going ${round}`]);
      expect(await updateTag(mia.scope(), { id: tag, name: "Back", ...LOOK })).toMatchObject({ ok: true });
      await deleteTag(mia.scope(), { id: tag });
    });
  });

  it("leaves the todo with one of the two when it is merged meanwhile", { timeout: 60_000 }, async () => {
    await rounds(async (round) => {
      const { database, mia } = world;
      const [from, into] = [
        await writeTag(database, mia, `From ${round}`),
        await writeTag(database, mia, `Into ${round}`),
      ];
      const id = await writeTodo(database, mia);
      const [merged, saved] = await atOnce(database, {
        ...atLinks,
        start: () =>
          Promise.all([
            mergeTags(mia.scope(), { from, into }),
            updateTodo(mia.scope(), { id, version: 1, tags: [`From ${round}`] }),
          ]),
      });
      expect(merged).toMatchObject({ ok: true });
      expect(saved).toMatchObject({ ok: true });
      const left = await getTodo(mia.scope(), id);
      expect([[`From ${round}`], [`Into ${round}`]]).toContainEqual(left ? names(left) : null);
      // What was merged is gone; what carries its name was made after.
      expect((await listTags(mia.scope())).map((tag) => tag.id)).not.toContain(from);
    });
  });
});

it(
  "one e-mail address makes one person, however many sign up with it at once",
  { timeout: 60_000 },
  async () => {
    const { database } = world;
    const system = {
      db: openSystemDatabase({ databaseUrl: database.databaseUrl, endpoint: database.endpoint }),
      secret: database.authSecret,
    };
    await rounds(async (round) => {
      const email = `${newId()}@cairn.example`;
      const answers = await atOnce(database, {
        lock: "lock table users in share row exclusive mode",
        waiting: 3,
        start: () =>
          Promise.all(
            ["Ada", "Bea", "Cleo"].map((name) =>
              signUpPerson(
                system,
                { name, email, password: "correct horse", timeZone: undefined },
                { now: new Date(), ip: `198.51.100.${round}` },
              ).then(
                (answer) => (answer.ok ? name : answer.code),
                (refused: { failure: { code: string } }) => refused.failure.code,
              ),
            ),
          ),
      });
      const [person, ...others] = await database.sql<{ id: string; name: string }>(
        "select id, name from users where email = $1",
        [email],
      );
      expect(others).toEqual([]);
      expect(answers.toSorted()).toEqual([person?.name, "invalid", "invalid"]);
      expect(
        await database.sql(
          `select (select count(*)::int from organizations where personal_user_id = $1) as organizations,
                (select count(*)::int from sessions where user_id = $1) as sessions`,
          [person?.id],
        ),
      ).toEqual([{ organizations: 1, sessions: 1 }]);
    });
  },
);
