import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { undoCommand } from "@/lib/audit/repository";
import { getDashboard } from "@/lib/dashboard/repository";
import { purge, throughDatabase } from "@/lib/jobs/purge";
import { openSystemDatabase } from "@/lib/db/client";
import { updateSettings } from "@/lib/settings/repository";
import { deleteTag, mergeTags, updateTag } from "@/lib/tags/repository";
import {
  bulkInsertTodos,
  bulkTodos,
  completeTodo,
  createTodo,
  deleteTodo,
  purgeTodo,
  reopenTodo,
  restoreTodo,
  transferTodo,
  updateTodo,
  upsertTodo,
} from "@/lib/todos/repository";
import { newId } from "@/lib/db/id";
import { connectAppUser } from "../helpers/app-user";
import {
  DASHBOARD_ETAG,
  FOUND_DASHBOARD,
  READ_DASHBOARD,
  expectKeptToBeComputed,
} from "../helpers/dashboard";
import type { Person } from "../helpers/people";
import { writeMembership, writeTag, writeTodo } from "../helpers/rows";
import { createTeam } from "../todos/team";
import { done, twoPeople } from "../todos/world";

const world = twoPeople();
const NOW = new Date("2026-12-02T09:30:00Z");
const at = (person: Person, now = NOW) => person.scope({ now });

/** What is kept for a person, by the version of its row. */
async function keptFor({ userId }: Person): Promise<string | undefined> {
  const [row] = await world.database.sql<{ version: string }>(
    "select xmin::text || ctid::text as version from dashboards where user_id = $1",
    [userId],
  );
  return row?.version;
}

/** Whether reading it now writes a new one, because the one that is kept is void. */
async function isVoid(person: Person): Promise<boolean> {
  const before = await keptFor(person);
  await expectKeptToBeComputed(at(person));
  return (await keptFor(person)) !== before;
}

describe("a person's dashboard", () => {
  it("is computed once, and read until something changes", async () => {
    await writeTodo(world.database, world.mia, { dueDate: "2026-12-02" });
    expect(await isVoid(world.mia)).toBe(true);
    expect(await isVoid(world.mia)).toBe(false);
    await createTodo(world.mia.scope(), { title: "Milk" });
    expect(await isVoid(world.mia)).toBe(true);
    expect(await isVoid(world.mia)).toBe(false);
  });

  it("is void after whatever a person does with a todo, and somebody else's is not", async () => {
    const { database, mia, noah } = world;
    const id = await writeTodo(database, mia, { title: "Milk" });
    await getDashboard(at(mia));
    await getDashboard(at(noah));
    const scope = () => mia.scope();
    const other = newId();
    const steps: [what: string, act: () => Promise<unknown>][] = [
      ["edit", () => done(updateTodo(scope(), { id, version: 1, title: "Bread" }))],
      ["tags alone", () => done(updateTodo(scope(), { id, version: 2, tags: ["home"] }))],
      ["complete", () => done(completeTodo(scope(), { id }))],
      ["reopen", () => done(reopenTodo(scope(), { id }))],
      ["delete", () => done(deleteTodo(scope(), { id }))],
      ["restore", () => done(restoreTodo(scope(), { id }))],
      ["upsert", () => done(upsertTodo(scope(), { id: other, title: "Tea", tags: ["home"] }))],
      ["bulk", () => bulk({ action: "priority", priority: 2 })],
      ["bulk tag", () => bulk({ action: "tag", tags: ["work"] })],
      ["bulk untag", () => bulk({ action: "untag", tags: ["work"] })],
      [
        "import",
        () =>
          done(
            bulkInsertTodos(scope(), {
              rows: [{ id: newId(), title: "x", tags: ["home"] }],
              onBadRow: "refuse",
            }),
          ),
      ],
      [
        "undo",
        async () => {
          const edit = scope();
          await done(completeTodo(edit, { id }));
          await isVoid(mia);
          await done(undoCommand(scope(), { commandId: edit.commandId }));
        },
      ],
      [
        "purge",
        async () => {
          await done(deleteTodo(scope(), { id: other }));
          await isVoid(mia);
          await done(purgeTodo(scope(), { id: other }));
        },
      ],
    ];
    const bulk = (change: Parameters<typeof bulkTodos>[1]["change"]) =>
      done(bulkTodos(scope(), { target: { ids: [id] }, change }));
    for (const [what, act] of steps) {
      await act();
      expect([what, await isVoid(mia)]).toEqual([what, true]);
    }
    expect(await isVoid(noah)).toBe(false);
  });

  it("is void after a tag of its todos is renamed, painted, merged or deleted, whoever does it, and not otherwise", async () => {
    const { database, mia, noah } = world;
    const team = await createTeam(world, mia, noah);
    const [home, work, unused] = await Promise.all(
      ["Home", "Work", "Unused"].map((name) => writeTag(database, team, name)),
    );
    if (!home || !work || !unused) throw new Error("There are three.");
    await team.write(mia, { tagIds: [home, work] });
    await team.write(noah, {});
    for (const person of [mia, noah]) await getDashboard(at(person));
    const look = { colour: "#2f6b4f", icon: null };

    await done(updateTag(noah.scope(), { id: home, name: "House", ...look }));
    expect([await isVoid(mia), await isVoid(noah)]).toEqual([true, false]);
    await done(updateTag(noah.scope(), { id: home, name: "House", colour: "#805ad5", icon: null }));
    expect([await isVoid(mia), await isVoid(noah)]).toEqual([true, false]);
    // No dashboard shows icons, or tags that no open todo has.
    await done(updateTag(noah.scope(), { id: home, name: "House", colour: "#805ad5", icon: "★" }));
    await done(updateTag(noah.scope(), { id: unused, name: "Spare", ...look }));
    await done(deleteTag(noah.scope(), { id: unused }));
    expect([await isVoid(mia), await isVoid(noah)]).toEqual([false, false]);
    await done(mergeTags(noah.scope(), { from: home, into: work }));
    expect([await isVoid(mia), await isVoid(noah)]).toEqual([true, false]);
    await done(deleteTag(noah.scope(), { id: work }));
    expect([await isVoid(mia), await isVoid(noah)]).toEqual([true, false]);
  });

  it("is void for both when a todo changes hands, and for its person when a colleague writes it", async () => {
    const { mia, noah } = world;
    const team = await createTeam(world, mia, noah);
    const id = await team.write(mia, { title: "Ours" });
    for (const person of [mia, noah]) await getDashboard(at(person));
    await done(completeTodo(noah.scope(), { id }));
    expect([await isVoid(mia), await isVoid(noah)]).toEqual([true, false]);
    await done(transferTodo(mia.scope(), { id, userId: noah.userId }));
    expect([await isVoid(mia), await isVoid(noah)]).toEqual([true, true]);
  });

  it("is another on another day, in another zone and in other organizations, and for other limits", async () => {
    const { database, mia, noah } = world;
    await getDashboard(at(mia));
    const tomorrow = at(mia, new Date(NOW.getTime() + 86_400_000));
    const before = await keptFor(mia);
    await expectKeptToBeComputed(tomorrow);
    expect(await keptFor(mia)).not.toBe(before);

    const settings = { name: "Mia", weekStart: 1, theme: "system" } as const;
    await getDashboard(at(mia));
    await done(updateSettings(mia.scope(), { ...settings, timeZone: "Pacific/Auckland" }));
    expect(await isVoid(mia)).toBe(true);
    // There and back again while nobody looked: its days were counted anew twice.
    await done(updateSettings(mia.scope(), { ...settings, timeZone: "Asia/Kathmandu" }));
    await done(updateSettings(mia.scope(), { ...settings, timeZone: "Pacific/Auckland" }));
    expect(await isVoid(mia)).toBe(true);
    await done(updateSettings(mia.scope(), { ...settings, theme: "dark", timeZone: "Pacific/Auckland" }));
    expect(await isVoid(mia)).toBe(false);

    await writeMembership(database, noah.organizationId, mia);
    expect(await isVoid(mia)).toBe(true);
    await database.sql("delete from memberships where user_id = $1 and organization_id = $2", [
      mia.userId,
      noah.organizationId,
    ]);
    expect(await isVoid(mia)).toBe(true);
    const kept = await keptFor(mia);
    const scope = at(mia);
    await scope.run("tests.otherLimits", [
      scope.db.execute("select app.tell_dashboard('null', 1, 30, 200, 12, 5, '')"),
    ]);
    expect(await keptFor(mia)).not.toBe(kept);
    expect(await isVoid(mia)).toBe(true);
  });

  it("tells what is late at this minute from an answer of hours ago", async () => {
    const { database, mia } = world;
    for (const dueTime of ["09:00", "12:00", "12:00", "18:30", null]) {
      await writeTodo(database, mia, { dueDate: "2026-12-02", dueTime });
    }
    const lateAt = async (time: string) => {
      const scope = at(mia, new Date(`2026-12-02T${time}Z`));
      const { overdue, dueToday, dueThisWeek } = (await expectKeptToBeComputed(scope)).counters;
      expect([overdue + dueToday, dueThisWeek]).toEqual([5, dueToday]);
      return overdue;
    };
    expect(await lateAt("08:59:59")).toBe(0);
    const kept = await keptFor(mia);
    // As lists have it: late once the minute is over by a second.
    expect(await lateAt("09:00:00")).toBe(0);
    expect(await lateAt("09:00:01")).toBe(1);
    expect(await lateAt("12:30:00")).toBe(3);
    expect(await lateAt("23:59:59")).toBe(4);
    expect(await keptFor(mia)).toBe(kept);
  });

  it("goes with its person, and with an emptied table", async () => {
    const { database, mia } = world;
    await writeTodo(database, mia, { tagIds: [await writeTag(database, mia, "Home")] });
    await getDashboard(at(mia));
    for (const table of ["todo_tags", "todos cascade"]) {
      await database.sql(`truncate ${table}`);
      expect([table, await isVoid(mia)]).toEqual([table, true]);
    }
    await writeTodo(database, mia);
    await getDashboard(at(mia));
    await database.sql("delete from organizations where id = $1", [mia.organizationId]);
    await database.sql("delete from users where id = $1", [mia.userId]);
    for (const table of ["dashboards", "dashboard_changes"]) {
      expect(await database.sql(`select from ${table} where user_id = $1`, [mia.userId])).toEqual([]);
    }
  });

  it("is void when the job empties the trash, and when whoever wrote without triggers says so", async () => {
    const { database, mia } = world;
    const id = await writeTodo(database, mia, { title: "Milk" });
    await getDashboard(at(mia));
    await database.sql("update todos set deleted_at = now() - interval '40 days' where id = $1", [id]);
    expect(await isVoid(mia)).toBe(true);
    await purge(throughDatabase(openSystemDatabase(database)));
    expect(await isVoid(mia)).toBe(true);

    const other = await writeTodo(database, mia, { title: "Milk" });
    await getDashboard(at(mia));
    await database.sql("alter table todos disable trigger user");
    await database.sql("update todos set title = 'Bread' where id = $1", [other]);
    await database.sql("alter table todos enable trigger user");
    await database.sql("select app.rebuild_dashboards()");
    expect(await isVoid(mia)).toBe(true);
  });

  it("marks each change anew, in one row", async () => {
    const { database, mia } = world;
    const seen = new Set<string>();
    for (let n = 0; n < 5; n += 1) {
      await writeTodo(database, mia);
      const marks = await database.sql<{ mark: string }>(
        "select mark from dashboard_changes where user_id = $1",
        [mia.userId],
      );
      expect(marks).toHaveLength(1);
      for (const { mark } of marks) seen.add(mark);
    }
    expect(seen.size).toBe(5);
  });

  it("marks one change for a statement, however many of a person's todos it writes", async () => {
    const { database, mia } = world;
    for (let n = 0; n < 3; n += 1) await writeTodo(database, mia);
    const client = new Client({ connectionString: database.unpooledUrl });
    await client.connect();
    try {
      await client.query("begin");
      await client.query("update todos set title = 'x' where user_id = $1", [mia.userId]);
      const { rows } = await client.query(
        "select n_tup_upd::int as n, n_tup_ins::int as added from pg_stat_xact_user_tables where relname = 'dashboard_changes'",
      );
      expect(rows).toEqual([{ n: 1, added: 0 }]);
    } finally {
      await client.end();
    }
  });
});

describe("what is kept", () => {
  it("is nobody else's to read, and nobody's to write", async () => {
    const { database, mia, noah } = world;
    for (const person of [mia, noah]) {
      await writeTodo(database, person);
      await getDashboard(at(person));
    }
    const app = await connectAppUser(database);
    try {
      const read = await app.as(mia, (sql) => sql("select answer::text from app.kept_dashboard"));
      expect(read).toEqual(
        await database.sql("select answer::text from dashboards where user_id = $1", [mia.userId]),
      );
      expect(await app.sql("select seen, answer from app.kept_dashboard")).toEqual([
        { seen: "0", answer: null },
      ]);
      expect(await app.sql("select seen from app.dashboard_state")).toEqual([{ seen: "0" }]);
      for (const table of ["dashboards", "dashboard_changes"]) {
        for (const statement of [
          `select from ${table}`,
          `update ${table} set user_id = user_id`,
          `delete from ${table}`,
          `insert into ${table} default values`,
        ]) {
          await expect(app.as(mia, (sql) => sql(statement))).rejects.toMatchObject({ code: "42501" });
        }
      }
      const before = await keptFor(noah);
      await app.as(mia, (sql) => sql(`select app.keep_dashboard(0, 'x', '{}')`));
      expect(await keptFor(noah)).toBe(before);
      expect(await isVoid(mia)).toBe(true);
      await app.sql(`select ${READ_DASHBOARD}`);
      expect(await database.sql("select from dashboards where user_id is null")).toEqual([]);
    } finally {
      await app.end();
    }
  });

  it("is sent once to whoever remembers it, and again when it changed or is another's", async () => {
    const { database, mia, noah } = world;
    const app = await connectAppUser(database);
    const tell = async (person: Person, known: string) => {
      const [row] = await app.as(person, (sql) =>
        sql<{ told: [etag: string, answer: object] | null }>(
          `select nullif((format('[%s]', app.tell_dashboard('null', 20, 30, 200, 12, 5, $1))::json -> 1)::text, 'null')::json as told`,
          [known],
        ),
      );
      return row?.told;
    };
    const tellAll = async (person: Person, known: string) => {
      const told = await tell(person, known);
      if (!told) throw new Error("It should have been sent.");
      return told;
    };
    try {
      const [etag, answer] = await tellAll(mia, "");
      expect(await tell(mia, etag)).toBe(null);
      for (const known of ["", "null", `${etag} `]) expect(await tell(mia, known)).toEqual([etag, answer]);
      const [others] = await tellAll(noah, etag);
      expect(others).not.toBe(etag);
      expect(await tell(mia, others)).toEqual([etag, answer]);

      await createTodo(mia.scope(), { title: "Milk" });
      const [next, changed] = await tellAll(mia, etag);
      expect([next === etag, changed]).toEqual([false, expect.not.objectContaining(answer)]);
      expect(await tell(mia, next)).toBe(null);
      // Nor is it still the same for whoever is in another place or on another day, whatever it tells of.
      const isSame = async (known: string, options: { now?: Date; limits?: string } = {}) => {
        const { now = NOW, limits = "20, 30, 200, 12, 5" } = options;
        const [row] = await app.as(
          mia,
          (sql) =>
            sql<{ same: boolean }>(`select app.tell_dashboard('null', ${limits}, $1) = 'null,null' as same`, [
              known,
            ]),
          { now },
        );
        return row?.same;
      };
      const etagNow = async () => {
        const [row] = await app.as(mia, (sql) => sql<{ etag: string }>(`select ${DASHBOARD_ETAG} as etag`), {
          now: NOW,
        });
        return row?.etag ?? "";
      };
      const stands = await etagNow();
      expect(await isSame(stands)).toBe(true);
      expect(await isSame(stands, { now: new Date(NOW.getTime() + 86_400_000) })).toBe(false);
      for (const limits of [
        "19, 30, 200, 12, 5",
        "20, 29, 200, 12, 5",
        "20, 30, 199, 12, 5",
        "20, 30, 200, 11, 5",
        "20, 30, 200, 12, 4",
      ]) {
        expect([limits, await isSame(stands, { limits })]).toEqual([limits, false]);
      }
      await writeMembership(database, noah.organizationId, mia);
      expect(await isSame(stands)).toBe(false);
      await database.sql("delete from memberships where user_id = $1 and organization_id = $2", [
        mia.userId,
        noah.organizationId,
      ]);
      expect(await isSame(stands)).toBe(true);
      await database.sql(`update app.actors set zone = 'Asia/Tokyo' where user_id = $1`, [mia.userId]);
      expect(await isSame(stands)).toBe(false);
      await database.sql("select app.rebuild_actors()");
      expect(await isSame(stands)).toBe(true);
      // The same answer, computed anew, is not the one that is remembered.
      await database.sql("select app.rebuild_dashboards()");
      const [last, same] = await tellAll(mia, next);
      expect([last === next, same]).toEqual([false, changed]);
      // Put back to where it was, and gone on from there by as many changes.
      const marks = () => database.sql("select mark from dashboard_changes where user_id = $1", [mia.userId]);
      const [before] = await marks();
      await createTodo(mia.scope(), { title: "Bread" });
      const [after] = await marks();
      await database.sql("update dashboard_changes set mark = $2 where user_id = $1", [
        mia.userId,
        before?.mark,
      ]);
      await createTodo(mia.scope(), { title: "Butter" });
      expect(await marks()).not.toEqual([after]);
    } finally {
      await app.end();
    }
  });

  it("is remembered by a process, which makes a new dashboard of it at each minute and for each week", async () => {
    const { database, mia } = world;
    await writeTodo(database, mia, { dueDate: "2026-12-02", dueTime: "09:15" });
    await writeTodo(database, mia, { dueDate: "2026-12-06" });
    const countersAt = async (time: string) => {
      const { counters } = await getDashboard(at(mia, new Date(`2026-12-02T${time}Z`)));
      return [counters.overdue, counters.dueThisWeek];
    };
    expect(await countersAt("09:00:00")).toEqual([0, 2]);
    const kept = await keptFor(mia);
    expect(await countersAt("09:30:00")).toEqual([1, 1]);
    await database.sql(`update users set preferences = '{"weekStart": 0}' where id = $1`, [mia.userId]);
    expect(await countersAt("09:00:00")).toEqual([0, 1]);
    expect(await keptFor(mia)).toBe(kept);

    const listAt = async (now = NOW) => (await getDashboard(at(mia, now))).list;
    const list = await listAt();
    expect(await listAt()).toBe(list);
    expect(await listAt(new Date(NOW.getTime() + 86_400_000))).not.toBe(list);
    await createTodo(mia.scope(), { title: "Milk" });
    expect(await listAt()).not.toEqual(list);
  });

  it("is read but not renewed in a transaction that reads only, or that has one snapshot", async () => {
    const { database, mia } = world;
    await writeTodo(database, mia);
    const client = new Client({ connectionString: database.unpooledUrl });
    await client.connect();
    try {
      for (const mode of ["read only", "isolation level repeatable read", "isolation level serializable"]) {
        await client.query("begin");
        await client.query("select from app.enter($1, $2)", [mia.tokenHash, { now: NOW }]);
        await client.query("commit");
        await client.query(`begin ${mode}`);
        await client.query("select from app.enter($1, $2)", [mia.tokenHash, { now: NOW }]);
        const { rows } = await client.query<{ found: { list: unknown[][] } }>(
          `select ${FOUND_DASHBOARD} as found`,
        );
        expect(rows[0]?.found.list[2]).toHaveLength(1);
        await client.query("commit");
        expect([mode, await keptFor(mia)]).toEqual([mode, undefined]);
      }
    } finally {
      await client.end();
    }
  });

  it("lies in its row as it is, with a full list", async () => {
    const { database, mia } = world;
    const tagIds = await Promise.all(
      Array.from({ length: 12 }, (_, n) => writeTag(database, mia, `A tag with a name ${n}`)),
    );
    for (let n = 0; n < 25; n += 1) {
      await writeTodo(database, mia, {
        title: `The title of a todo, of which there is ${n}`,
        dueDate: "2026-12-02",
        priority: 5,
        tagIds: [tagIds[n % 12] ?? "", tagIds[(n + 1) % 12] ?? ""],
      });
    }
    await getDashboard(at(mia));
    const [stored] = await database.sql<{ whole: boolean; bytes: number }>(
      `select pg_column_size(answer) >= octet_length(answer::text) as whole, octet_length(answer::text) as bytes
         from dashboards where user_id = $1`,
      [mia.userId],
    );
    expect(stored?.whole).toBe(true);
    expect(stored?.bytes).toBeLessThan(4_500);
    const [toast] = await database.sql<{ bytes: number }>(
      "select pg_relation_size(reltoastrelid)::int as bytes from pg_class where relname = 'dashboards'",
    );
    expect(toast).toEqual({ bytes: 0 });
  });
});
