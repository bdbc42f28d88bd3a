import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyPassword } from "@/lib/auth/passwords";
import { ConnectionError } from "@/scripts/connection";
import { DEMO_EMAIL, DEMO_NAME, DEMO_PASSWORD, seedDemo } from "@/scripts/seed/demo";
import { DEMO_TAGS } from "@/scripts/seed/demo-content";
import { SeedError } from "@/scripts/seed/seed-error";
import { createBlankDatabase } from "../helpers/blank-database";
import { type TestDatabase, createTestDatabase } from "../helpers/database";

const NOW = new Date("2026-11-20T15:30:00Z");
const TIME_ZONE = "Europe/Berlin";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await seedDemo({ url: database.unpooledUrl, now: NOW, timeZone: TIME_ZONE });
});
afterAll(() => database.drop());

const one = async (query: string) => (await database.sql(`select (${query}) as value`))[0]?.value;

describe("the demo", () => {
  it("is one person who can sign in, with a personal organization of their own", async () => {
    const [person] = await database.sql<{ password_hash: string } & Record<string, unknown>>(
      "select u.name, email, status, preferences, password_hash, role from users u join memberships m on m.user_id = u.id join organizations o on o.id = m.organization_id and personal_user_id = u.id",
    );
    expect(person).toMatchObject({
      name: DEMO_NAME,
      email: DEMO_EMAIL,
      status: "active",
      preferences: { timeZone: TIME_ZONE },
      role: "owner",
    });
    expect(person?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(DEMO_PASSWORD, person?.password_hash ?? null)).toBe(true);
  });

  it("has todos of every status and priority, overdue, today, coming, some day and in the trash", async () => {
    const [counts] = await database.sql(
      `select count(*)::int as all,
         count(*) filter (where live and open and due_date < today)::int as overdue,
         count(*) filter (where live and open and due_date = today)::int as today,
         count(*) filter (where live and open and due_date > today)::int as upcoming,
         count(*) filter (where live and open and due_date is null)::int as someday,
         count(*) filter (where live and status = 'in_progress')::int as started,
         count(*) filter (where live and status = 'completed')::int as completed,
         count(*) filter (where live and status = 'cancelled')::int as cancelled,
         count(*) filter (where not live)::int as trash,
         count(distinct priority) filter (where live and open)::int as priorities,
         count(*) filter (where description <> '')::int as described,
         count(*) filter (where due_time is not null)::int as timed,
         count(distinct title)::int as titles
       from (select *, deleted_at is null as live, status in ('pending', 'in_progress') as open, date '2026-11-20' as today from todos) t`,
    );
    expect(counts).toMatchObject({
      all: 203,
      overdue: 9,
      today: 9,
      started: 7,
      completed: 84,
      cancelled: 8,
      trash: 12,
      priorities: 6,
      titles: 203,
    });
    expect(counts?.upcoming).toBeGreaterThan(40);
    expect(counts?.someday).toBeGreaterThan(30);
    expect(counts?.described).toBeGreaterThan(30);
    expect(counts?.timed).toBeGreaterThan(5);
  });

  it("uses each of the 12 tags several times", async () => {
    const rows = await database.sql<{ name: string; uses: number }>(
      "select name, count(todo_id)::int as uses from tags left join todo_tags on tag_id = id group by name",
    );
    expect(rows.map((row) => row.name).toSorted()).toEqual(
      Object.values(DEMO_TAGS)
        .map((tag) => tag.name)
        .toSorted(),
    );
    expect(rows).toHaveLength(12);
    expect(Math.min(...rows.map((row) => row.uses))).toBeGreaterThan(8);
  });

  it("has been used for two months, by day and never in the future", async () => {
    const [span] = await database.sql(
      `select count(distinct day)::int as days, count(distinct completed)::int as completing_days, max(hour) as latest,
              min(hour) as earliest,
              min(at) as first, max(at) as last
         from (select created_at as at, (created_at at time zone $1)::date as day, extract(hour from created_at at time zone $1)::int as hour,
                      case when action = 'complete' then (created_at at time zone $1)::date end as completed from audit_logs) events`,
      [TIME_ZONE],
    );
    expect(Number(span?.days)).toBeGreaterThan(50);
    expect(Number(span?.completing_days)).toBeGreaterThan(30);
    expect(Number(span?.earliest)).toBeGreaterThanOrEqual(7);
    expect(Number(span?.latest)).toBeLessThanOrEqual(23);
    expect((NOW.getTime() - Number(span?.first)) / 86_400_000).toBeGreaterThan(59);
    expect(Number(span?.last)).toBeLessThanOrEqual(NOW.getTime());
    for (const column of ["created_at", "updated_at", "completed_at", "deleted_at"]) {
      expect(await one(`select max(${column}) <= '${NOW.toISOString()}' from todos`)).toBe(true);
    }
  });

  it("completed something today", async () => {
    expect(
      await one(
        `select count(*)::int from todos where (completed_at at time zone '${TIME_ZONE}')::date = '2026-11-20'`,
      ),
    ).toBeGreaterThan(0);
  });

  it("never gave a new todo a due date in the past", async () => {
    expect(
      await database.sql(
        `select from audit_logs where entity_type = 'todo' and action = 'create'
          and (changes #>> '{due_date,1}')::date < (created_at at time zone $1)::date`,
        [TIME_ZONE],
      ),
    ).toEqual([]);
  });

  it("has a history that leads to every row exactly as it is", async () => {
    const rows = await database.sql<{ row: Record<string, unknown> }>(
      "select to_jsonb(t) - '{search,created_at,updated_at,postponed}'::text[] as row from todos t",
    );
    const events = await database.sql<{
      entity_id: string;
      action: string;
      changes: Record<string, [unknown, unknown]>;
    }>("select entity_id, action, changes from audit_logs where entity_type = 'todo' order by id");
    for (const { row } of rows) {
      const state: Record<string, unknown> = {};
      const tags = new Set<unknown>();
      let version = 0;
      for (const event of events.filter(({ entity_id }) => entity_id === row.id)) {
        if (event.action === "tag") tags.add(JSON.stringify(event.changes.tags?.[1]));
        else version += 1;
        for (const [field, [before, after]] of Object.entries(event.action === "tag" ? {} : event.changes)) {
          expect(state[field] ?? null).toEqual(before);
          state[field] = after;
        }
      }
      const present = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
      const remembered = Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
      expect({ ...remembered, version }).toEqual(present);
      expect(await one(`select count(*)::int from todo_tags where todo_id = '${String(row.id)}'`)).toBe(
        tags.size,
      );
    }
  });

  it("remembers who did it, in which session and request", async () => {
    expect(
      await one(
        "select count(*)::int from audit_logs where user_id is null or session_id is null or command_id is null",
      ),
    ).toBe(0);
    expect(await one("select count(distinct user_id)::int from audit_logs")).toBe(1);
    expect(await one("select count(*)::int from audit_logs where action = 'sign_in'")).toBeGreaterThan(4);
    expect(
      await database.sql(
        "select action from audit_logs where entity_type = 'todo' group by action order by action",
      ),
    ).toEqual(
      ["cancel", "complete", "create", "delete", "reopen", "restore", "start", "tag", "update"].map(
        (action) => ({ action }),
      ),
    );
    expect(JSON.stringify(await database.sql("select changes from audit_logs"))).not.toContain("$argon2id$");
  });

  it("is counted: by status, by day, by tag, and how often a due date was moved", async () => {
    expect(await one("select app.rebuild_todo_counts()")).toBe(0);
    expect(await one("select app.rebuild_actors()")).toBe(0);
    expect(await one("select sum(count)::int from todo_counts")).toBe(203);
    const [moved] = await database.sql<{ wrong: number; most: number }>(
      `select count(*) filter (where postponed <> times)::int as wrong, max(postponed)::int as most
         from todos cross join lateral (
           select count(*) as times from audit_logs where entity_id = todos.id
              and (changes #>> '{due_date,1}')::date > (changes #>> '{due_date,0}')::date) moved`,
    );
    expect(moved?.wrong).toBe(0);
    expect(moved?.most).toBeGreaterThan(2);
  });

  it("has kept its pace: a streak of days, and most of what was due done on time", async () => {
    const [pace] = await database.sql<{ days: number; dated: number; late: number }>(
      `select count(distinct day) filter (where day > date '2026-11-20' - 9)::int as days, count(due_date)::int as dated,
              count(*) filter (where day > due_date)::int as late
         from (select (completed_at at time zone $1)::date as day, due_date from todos
                where status = 'completed' and deleted_at is null) done`,
      [TIME_ZONE],
    );
    expect(pace?.days).toBe(9);
    expect(pace?.late).toBeGreaterThan(0);
    expect(Number(pace?.late) / Number(pace?.dated)).toBeLessThan(0.35);
  });

  it("leaves all triggers on", async () => {
    expect(await database.sql("select from pg_trigger where tgenabled <> 'O'")).toEqual([]);
  });
});

describe("seeding", () => {
  it("does nothing when the demo person is there, whatever became of their todos", async () => {
    await database.sql("delete from todos where title = 'asdf'");
    const before = await database.sql("select id, version from todos order by id");
    expect(await seedDemo({ url: database.unpooledUrl })).toBeNull();
    expect(await database.sql("select id, version from todos order by id")).toEqual(before);
  });

  it("is done once by two at the same time, beside other people's data", async () => {
    const other = await createTestDatabase();
    await other.sql(
      "insert into users (id, email, name) values (gen_random_uuid(), 'eve@cairn.example', 'Eve')",
    );
    const results = await Promise.all(
      [1, 2].map(() => seedDemo({ url: other.unpooledUrl, now: NOW, timeZone: TIME_ZONE })),
    );
    expect(results.toSorted((a) => (a === null ? 1 : -1))).toEqual([{ todos: 203 }, null]);
    expect(await other.sql("select count(*)::int from users")).toEqual([{ count: 2 }]);

    // The same instant and zone give the same demo.
    const read = "select to_jsonb(t) as row from todos t order by id";
    const again = await createTestDatabase();
    await seedDemo({ url: again.unpooledUrl, now: NOW, timeZone: TIME_ZONE });
    expect(await again.sql(read)).toEqual(await other.sql(read));
    await other.drop();
    await again.drop();
  });

  it.each([
    ["Pacific/Kiritimati", "2027-03-01T10:00:01Z"],
    ["Pacific/Pago_Pago", "2027-03-01T10:59:59Z"],
    ["America/New_York", "2026-11-01T05:59:00Z"],
    ["UTC", "2028-02-29T00:00:05Z"],
  ])("works in %s at %s", async (timeZone, now) => {
    const other = await createTestDatabase();
    expect(await seedDemo({ url: other.unpooledUrl, now: new Date(now), timeZone })).toEqual({ todos: 203 });
    const [row] = await other.sql(
      `select count(*) filter (where due_date = ($1::timestamptz at time zone $2)::date and status = 'pending')::int as today,
              bool_and(greatest(created_at, updated_at, completed_at, deleted_at) <= $1) as past from todos`,
      [now, timeZone],
    );
    expect(row).toEqual({ today: 9, past: true });
    await other.drop();
  });

  it("says what to do when the database is not migrated, or not there", async () => {
    const blank = await createBlankDatabase();
    await expect(seedDemo({ url: blank.url })).rejects.toThrow(
      new SeedError("The database is not migrated; run pnpm db:migrate up first."),
    );
    await blank.drop();
    await expect(seedDemo({ url: blank.url })).rejects.toThrow(ConnectionError);
  });
});
