import fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getDashboard } from "@/lib/dashboard/repository";
import { newId } from "@/lib/db/id";
import { updateSettings } from "@/lib/settings/repository";
import { deleteTag, listTags, mergeTags } from "@/lib/tags/repository";
import {
  bulkInsertTodos,
  completeTodo,
  createTodo,
  getCounts,
  purgeTodo,
  reopenTodo,
} from "@/lib/todos/repository";
import { expectKeptToBeComputed } from "../helpers/dashboard";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership, writeTag, writeTodo } from "../helpers/rows";

let database: TestDatabase;
let mia: Person;
let noah: Person;
/** An organization of both. */
let team: string;

beforeAll(async () => {
  database = await createTestDatabase();
  mia = await createPerson(database, { preferences: { timeZone: "Pacific/Auckland" } });
  noah = await createPerson(database, { preferences: { timeZone: "America/St_Johns" } });
  team = newId();
  await database.sql("insert into organizations (id, name) values ($1, 'Team')", [team]);
  for (const person of [mia, noah]) await writeMembership(database, team, person);
});
afterAll(() => database.drop());

/** What triggers keep, and what counting gives, by table. */
const COUNTED = {
  todo_counts: `select user_id, organization_id, deleted_at is not null as deleted, status, priority, count(*)::int as count
    from todos group by 1, 2, 3, 4, 5`,
  todo_due_counts: `select user_id, due_date, organization_id, count(*)::int as count from todos
    where deleted_at is null and status in ('pending', 'in_progress') and due_date is not null group by 1, 2, 3`,
  todo_done_counts: `select user_id, (completed_at at time zone coalesce(preferences ->> 'timeZone', 'UTC'))::date as day, organization_id,
      count(*)::int as count
    from todos join users on users.id = user_id where todos.deleted_at is null and completed_at is not null group by 1, 2, 3`,
  todo_tag_counts: `select user_id, tag_id, organization_id,
      count(*) filter (where status in ('pending', 'in_progress'))::int as open_count, count(*)::int as count
    from todo_tags l join todos t using (organization_id) where t.id = l.todo_id and deleted_at is null group by 1, 2, 3`,
};

async function expectKeptToBeCounted(): Promise<void> {
  for (const [table, counting] of Object.entries(COUNTED)) {
    const read = (query: string) =>
      database.sql<{ row: string }>(`select row::text from (${query}) row order by row::text`);
    expect(await read(`select * from ${table}`)).toEqual(await read(counting));
  }
}

/** A person's own numbers at an instant, counted one by one as their owner sees them. */
async function countedFor({ userId }: Person, now: Date, timeZone: string) {
  const [row] = await database.sql<Record<string, number>>(
    `select count(*) filter (where live and open)::int as open,
            count(*) filter (where live and open and due < here)::int as overdue,
            count(*) filter (where live and open and due_date = here::date and due >= here)::int as today,
            count(*) filter (where live and open and due_date > here::date)::int as upcoming,
            count(*) filter (where not live)::int as trash,
            count(*) filter (where live and status = 'in_progress')::int as started,
            count(*) filter (where live and open and priority >= 4)::int as high
       from (select t.*, deleted_at is null as live, status in ('pending', 'in_progress') as open,
                    due_date + coalesce(due_time, '24:00') as due, date_trunc('second', $2::timestamptz at time zone $3) as here
               from todos t
              where user_id = $1 and organization_id in (select organization_id from memberships where user_id = $1)) mine`,
    [userId, now, timeZone],
  );
  return row;
}

async function expectPagesToSayIt(person: Person, now: Date): Promise<void> {
  const { timeZone } = await person.scope().actor();
  const counted = await countedFor(person, now, timeZone);
  const counts = await getCounts(person.scope({ now }));
  const { open, overdue, today, upcoming, trash } = counted ?? {};
  expect(counts).toEqual({ open, overdue, today, upcoming, trash });
  const { counters, byStatus, byPriority } = await getDashboard(person.scope({ now }));
  expect(counters).toMatchObject({
    open,
    overdue,
    dueToday: today,
    highPriority: counted?.high,
    inProgress: counted?.started,
  });
  expect(byPriority.reduce((sum, { count }) => sum + count, 0)).toBe(open);
  expect(byStatus.find(({ status }) => status === "in_progress")?.count).toBe(counted?.started);
}

// ── A random history: statements of the owner on many rows at once, and what people do one by one ──

const day = fc.option(
  fc.integer({ min: -3, max: 10 }).map((days) => `2026-12-${String(10 + days).padStart(2, "0")}`),
);
const status = fc.constantFrom("pending", "in_progress", "completed", "cancelled");
const columns = fc.record(
  {
    status,
    priority: fc.integer({ min: 0, max: 3 }),
    due_date: day,
    deleted_at: fc.constantFrom(null, "2026-12-01"),
    user: fc.boolean(),
    title: fc.constant("Renamed"),
  },
  { requiredKeys: [] },
);
/** Which of the todos or links: about one in so many. */
const share = fc.record({ salt: fc.nat(1_000), of: fc.constantFrom(1, 2, 3, 8) });
type Share = { salt: number; of: number };
const picked = ({ salt, of }: Share, key: string) => `abs(hashtext(${key}::text || '${salt}')) % ${of} = 0`;

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      count: fc.integer({ min: 1, max: 12 }),
      share,
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("update" as const), columns, share }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("link" as const), share }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("unlink" as const), share }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("relink" as const), share }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), share }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("tags" as const), share }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("people" as const), share }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("upsert" as const), share }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("zone" as const), share }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

async function take(one: Step): Promise<void> {
  const { sql } = database;
  const here = (key: string) => picked(one.share, key);
  switch (one.kind) {
    case "add":
      await sql(
        `insert into todos (id, organization_id, user_id, title, status, priority, due_date, due_time, deleted_at,
                            created_at, completed_at)
         select gen_random_uuid(), case when i % 3 = 0 then $1 when i % 2 = 0 then $2 else $3 end::uuid,
                case when (i + $6) % 2 = 0 then $4 else $5 end::uuid, 'Todo ' || i,
                (array['pending', 'in_progress', 'completed', 'cancelled'])[1 + (i + $6) % 4]::todo_status, (i + $6) % 4,
                case when i % 4 > 0 then date '2026-12-08' + (i + $6) % 7 end,
                case when i % 4 = 1 then make_time(($6 + i) % 24, 30, 0) end, case when i % 5 = 0 then now() end,
                timestamptz '2026-01-01', timestamptz '2026-12-01' + ($6 * i) % 8000 * interval '1 minute'
           from generate_series(1, $7::int) i`,
        [team, mia.organizationId, noah.organizationId, mia.userId, noah.userId, one.share.salt, one.count],
      );
      return;
    case "update": {
      const { user, ...values } = one.columns;
      const named = Object.entries(values);
      const sets = named.map(([name], index) => `${name} = $${index + 1}`);
      if (user !== undefined) sets.push(`user_id = '${user ? mia.userId : noah.userId}'`);
      if (values.due_date === null) sets.push("due_time = null");
      if (sets.length > 0) {
        await sql(
          `update todos set ${sets.join(", ")} where ${here("id")}`,
          named.map(([, value]) => value),
        );
      }
      return;
    }
    case "link":
      await sql(
        `insert into todo_tags (organization_id, todo_id, tag_id)
         select t.organization_id, t.id, g.id from todos t join tags g using (organization_id)
          where ${here("t.id")} and ${here("g.id")} on conflict do nothing`,
      );
      return;
    case "unlink":
      await sql(`delete from todo_tags where ${here("(todo_id, tag_id)")}`);
      return;
    case "relink":
      await sql(
        `update todo_tags l set tag_id = other.id
           from (select organization_id, (array_agg(id order by id))[1] as id from tags group by 1) other
          where other.organization_id = l.organization_id and ${here("l.todo_id")}
            and not exists (select from todo_tags m where m.todo_id = l.todo_id and m.tag_id = other.id)
            and l.tag_id = (select min(m.tag_id::text)::uuid from todo_tags m where m.todo_id = l.todo_id)`,
      );
      return;
    case "remove":
      await sql(`delete from todos where ${here("id")} and ${picked({ ...one.share, of: 3 }, "title")}`);
      return;
    case "upsert":
      await sql(
        `insert into todos (id, organization_id, user_id, title)
         select case when ${here("id")} then id else gen_random_uuid() end, organization_id, user_id, 'Again' from todos limit 9
         on conflict (id) do update set status = 'pending', deleted_at = null`,
      );
      return;
    case "zone": {
      const timeZone = ["Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu"][one.share.salt % 3];
      await sql("update users set preferences = $2 where id = $1", [
        one.share.salt % 2 ? mia.userId : noah.userId,
        one.share.salt % 7 ? { timeZone } : {},
      ]);
      return;
    }
    case "tags":
      await changeTags(one.share);
      return;
    case "people":
      await act(one.share);
  }
}

async function changeTags({ salt }: Share): Promise<void> {
  const person = salt % 2 === 0 ? mia : noah;
  const tag = await writeTag(
    database,
    { organizationId: salt % 3 === 0 ? team : person.organizationId },
    newId(),
  );
  const [other] = await database.sql<{ id: string }>(
    "select g.id from tags g join tags t using (organization_id) where t.id = $1 and g.id <> $1 order by md5(g.id::text) limit 1",
    [tag],
  );
  if (other === undefined) return;
  if (salt % 5 === 0) await deleteTag(person.scope(), { id: other.id });
  else await mergeTags(person.scope(), { from: other.id, into: tag });
}

async function act({ salt }: Share): Promise<void> {
  const person = salt % 2 === 0 ? mia : noah;
  const [own] = await database.sql<{ id: string }>(
    "select id from todos where user_id = $1 order by md5(id::text || $2) limit 1",
    [person.userId, String(salt)],
  );
  await createTodo(person.scope(), { title: "Mine", tags: ["Home", `Tag ${salt % 4}`], priority: salt % 4 });
  if (own === undefined) return;
  await completeTodo(person.scope(), own);
  if (salt % 3 === 0) await reopenTodo(person.scope(), own);
  if (salt % 3 === 1) await purgeTodo(person.scope(), own);
}

describe("kept counts", () => {
  it("are what counting gives, whatever happened, and whoever looks at whatever instant; so is the kept dashboard", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 14 }),
        fc.nat(14 * 24 * 60),
        async (steps, minute) => {
          const now = new Date(Date.parse("2026-12-05T00:00:00Z") + minute * 60_000);
          for (const one of steps) {
            await take(one);
            for (const person of [mia, noah]) await expectKeptToBeComputed(person.scope({ now }));
          }
          await expectKeptToBeCounted();
          await expectPagesToSayIt(mia, now);
          await expectPagesToSayIt(noah, now);
          expect(await database.sql("select app.rebuild_todo_counts() as wrong")).toEqual([{ wrong: 0 }]);
        },
      ),
      { numRuns: 20, seed: 2026 },
    );
  }, 120_000);

  it("are rebuilt to what counting gives after a write without the triggers, and say how much was wrong", async () => {
    await writeTodo(database, mia, {
      dueDate: "2026-12-10",
      tagIds: [await writeTag(database, mia, newId())],
    });
    const before = await database.sql("select app.rebuild_todo_counts() as wrong");
    expect(before).toEqual([{ wrong: 0 }]);
    await database.sql("alter table todos disable trigger user");
    await database.sql(
      "update todos set status = 'cancelled', completed_at = null, priority = 0 where user_id = $1",
      [mia.userId],
    );
    await database.sql("alter table todos enable trigger user");
    await database.sql("commit");
    const [rebuilt] = await database.sql<{ wrong: number }>("select app.rebuild_todo_counts() as wrong");
    expect(rebuilt?.wrong).toBeGreaterThan(2);
    await expectKeptToBeCounted();
  });

  it("do not keep a person from their todos when they were wrong, and never fall below zero", async () => {
    const person = await createPerson(database);
    const tag = await writeTag(database, person, "Home");
    const id = await writeTodo(database, person, { dueDate: "2026-12-10", tagIds: [tag] });
    for (const table of Object.keys(COUNTED)) await database.sql(`delete from ${table}`);
    expect(await completeTodo(person.scope(), { id })).toMatchObject({ ok: true });
    for (const table of Object.keys(COUNTED)) {
      expect(await database.sql(`select from ${table} where count < 0`)).toEqual([]);
    }
    await database.sql("select app.rebuild_todo_counts()");
    await expectKeptToBeCounted();
  });

  it("go with their organization, and with a truncated table", async () => {
    const person = await createPerson(database);
    const organization = newId();
    await database.sql("insert into organizations (id, name) values ($1, 'Gone')", [organization]);
    const tag = await writeTag(database, { organizationId: organization }, "Home");
    for (const deleted of [true, false]) {
      await writeTodo(
        database,
        { userId: person.userId, organizationId: organization },
        { deleted, dueDate: "2026-12-10", tagIds: [tag] },
      );
    }
    await database.sql("delete from organizations where id = $1", [organization]);
    await expectKeptToBeCounted();
    for (const table of Object.keys(COUNTED)) {
      expect(await database.sql(`select from ${table} where organization_id = $1`, [organization])).toEqual(
        [],
      );
    }

    await database.sql("begin");
    await database.sql("truncate todo_tags");
    await expectKeptToBeCounted();
    await database.sql("truncate todos cascade");
    await expectKeptToBeCounted();
    await database.sql("rollback");
    await expectKeptToBeCounted();
  });

  it("go by days of the person's zone: theirs are counted anew when they change it", async () => {
    const person = await createPerson(database, { preferences: { timeZone: "Pacific/Auckland" } });
    const completedAt = new Date("2026-12-01T23:30:00Z");
    await writeTodo(database, person, { status: "completed", completedAt });
    const days = () =>
      database.sql("select day::text, count from todo_done_counts where user_id = $1", [person.userId]);
    expect(await days()).toEqual([{ day: "2026-12-02", count: 1 }]);
    const settings = { name: "Ada", weekStart: 1, theme: "system" } as const;
    await updateSettings(person.scope(), { ...settings, timeZone: "America/New_York" });
    expect(await days()).toEqual([{ day: "2026-12-01", count: 1 }]);
    // A zone that was good once, and that PostgreSQL no longer knows.
    await database.sql("update users set preferences = $2 where id = $1", [
      person.userId,
      { timeZone: "Mars/Olympus_Mons" },
    ]);
    await writeTodo(database, person, { status: "completed", completedAt });
    expect(await days()).toEqual([{ day: "2026-12-01", count: 2 }]);
    await database.sql("update users set preferences = '{}' where id = $1", [person.userId]);
    await expectKeptToBeCounted();
  });

  it("leave out what lies in an organization that the person left", async () => {
    const person = await createPerson(database);
    const organization = newId();
    await database.sql("insert into organizations (id, name) values ($1, 'Left')", [organization]);
    await writeMembership(database, organization, person);
    const tag = await writeTag(database, { organizationId: organization }, "Home");
    const owner = { userId: person.userId, organizationId: organization };
    await writeTodo(database, owner, { dueDate: "2026-12-10", tagIds: [tag] });
    await writeTodo(database, owner, { deleted: true });
    const now = new Date("2026-12-10T12:00:00Z");
    expect(await getCounts(person.scope({ now }))).toMatchObject({ open: 1, today: 1, trash: 1 });
    expect(await listTags(person.scope())).toMatchObject([{ id: tag, openCount: 1 }]);
    await database.sql("delete from memberships where organization_id = $1", [organization]);
    expect(await getCounts(person.scope({ now }))).toEqual({
      open: 0,
      overdue: 0,
      today: 0,
      upcoming: 0,
      trash: 0,
    });
    expect(await listTags(person.scope())).toEqual([]);
    const { list, counters, byTag } = await getDashboard(person.scope({ now }));
    expect({ list, byTag, open: counters.open, dueToday: counters.dueToday }).toEqual({
      list: [],
      byTag: [],
      open: 0,
      dueToday: 0,
    });
  });
});

/** A connection of the owner's own. */
async function connect(): Promise<Client> {
  const client = new Client({ connectionString: database.unpooledUrl });
  await client.connect();
  return client;
}

describe("kept counts under two at once", () => {
  it("count a new todo's links once when one statement makes both", async () => {
    const row = { id: newId(), title: "x", tags: ["imported", "Imported too"] };
    expect(await bulkInsertTodos(mia.scope(), { rows: [row], onBadRow: "refuse" })).toMatchObject({
      ok: true,
    });
    await expectKeptToBeCounted();
  });

  it("count a link by what its todo becomes in a transaction that is not over yet", async () => {
    for (const change of ["insert", "delete"] as const) {
      for (const first of ["link", "todo"] as const) {
        const tag = await writeTag(database, mia, newId());
        const todo = await writeTodo(database, mia, { tagIds: change === "delete" ? [tag] : [] });
        const link =
          change === "insert"
            ? `insert into todo_tags (organization_id, todo_id, tag_id) values ('${mia.organizationId}', '${todo}', '${tag}')`
            : `delete from todo_tags where todo_id = '${todo}'`;
        const complete = `update todos set status = 'completed' where id = '${todo}'`;
        const [one, other] = [await connect(), await connect()];
        await one.query("begin");
        await one.query(first === "link" ? link : complete);
        const waiting = other.query(first === "link" ? complete : link);
        await new Promise((resolve) => setTimeout(resolve, 50));
        await one.query("commit");
        await waiting;
        await Promise.all([one.end(), other.end()]);
        const kept = await database.sql("select open_count, count from todo_tag_counts where tag_id = $1", [
          tag,
        ]);
        expect(kept).toEqual(change === "insert" ? [{ open_count: 0, count: 1 }] : []);
        await expectKeptToBeCounted();
      }
    }
  });

  it("are of one zone when a todo is completed while its person changes theirs, whoever is first", async () => {
    for (const first of ["zone", "todo"] as const) {
      const person = await createPerson(database, { preferences: { timeZone: "Pacific/Auckland" } });
      const todo = await writeTodo(database, person);
      const zone = `update users set preferences = '{"timeZone": "Pacific/Midway"}' where id = '${person.userId}'`;
      const complete = `update todos set status = 'completed' where id = '${todo}'`;
      const [one, other] = [await connect(), await connect()];
      await one.query("begin");
      await one.query(first === "zone" ? zone : complete);
      const waiting = other.query(first === "zone" ? complete : zone);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await one.query("commit");
      await waiting;
      await Promise.all([one.end(), other.end()]);
      const kept = await database.sql("select count from todo_done_counts where user_id = $1", [
        person.userId,
      ]);
      expect(kept).toEqual([{ count: 1 }]);
      await expectKeptToBeCounted();
    }
  });

  it("are exact after many writes of both at the same time, and none of them is lost", async () => {
    const todos = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        writeTodo(
          database,
          { userId: index % 2 ? mia.userId : noah.userId, organizationId: team },
          { dueDate: "2026-12-10" },
        ),
      ),
    );
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(
        todos.map((id, index) => {
          const person = index % 3 ? mia : noah;
          return (round + index) % 2
            ? completeTodo(person.scope(), { id })
            : reopenTodo(person.scope(), { id });
        }),
      );
      expect(answers.filter(({ ok }) => !ok).every((answer) => !answer.ok && answer.code === "invalid")).toBe(
        true,
      );
      await expectKeptToBeCounted();
    }
  });
});
