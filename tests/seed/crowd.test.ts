import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyPassword } from "@/lib/auth/passwords";
import { ConnectionError } from "@/scripts/connection";
import { type Crowd, dailyCounts, seedCrowd } from "@/scripts/seed/crowd";
import { EVERY_ROW_WORD } from "@/scripts/seed/crowd/words";
import { DEMO_PASSWORD } from "@/scripts/seed/demo";
import { SeedError } from "@/scripts/seed/seed-error";
import { createBlankDatabase } from "../helpers/blank-database";
import { type Catalogue, readCatalogue } from "../helpers/catalogue";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { everyRow } from "../helpers/every-row";

const CROWD: Crowd = { people: 20, todos: 2000, heavy: 600, seed: 42, today: "2026-11-20" };

/** Seeds without showing it. */
const seed = ({ unpooledUrl }: Pick<TestDatabase, "unpooledUrl">, changes: Partial<Crowd> = {}) =>
  seedCrowd({ url: unpooledUrl, ...CROWD, ...changes }, (_title, work) =>
    work({ note: () => {}, summarize: () => {} }),
  );

let database: TestDatabase;
let before: Catalogue;
beforeAll(async () => {
  database = await createTestDatabase();
  before = await readCatalogue(database.sql);
  await seed(database);
}, 90_000);
afterAll(() => database.drop());

const one = async (query: string) => (await database.sql(`select (${query}) as value`))[0]?.value;

describe("a crowd", () => {
  it("is as many people with as many todos as asked for, of which one has their exact share", async () => {
    expect(await one("select count(*)::int from users")).toBe(20);
    expect(await one("select count(*)::int from todos")).toBe(2000);
    expect(
      await one(
        "select count(*)::int from todos join users u on u.id = user_id where email = 'heavy@cairn.example'",
      ),
    ).toBe(600);
    expect(await one("select count(distinct user_id)::int from todos")).toBeGreaterThan(15);
  });

  it("can sign in with the demo's password", async () => {
    const rows = await database.sql<{ email: string; password_hash: string }>(
      "select email, password_hash from users order by created_at limit 2",
    );
    expect(rows.map(({ email }) => email).toSorted()).toEqual([
      "heavy@cairn.example",
      "person-1@cairn.example",
    ]);
    for (const row of rows) expect(await verifyPassword(DEMO_PASSWORD, row.password_hash)).toBe(true);
  });

  it("has todos of every status and priority, mostly done, with trash, times and long texts", async () => {
    const [counts] = await database.sql<Record<string, number>>(
      `select count(*) filter (where status = 'completed')::int as completed, count(distinct status)::int as statuses,
              count(*) filter (where status in ('pending', 'in_progress') and due_date < '2026-11-20')::int as overdue,
              count(*) filter (where due_date >= '2026-11-20')::int as coming, count(distinct priority)::int as priorities,
              count(*) filter (where deleted_at is not null)::int as trash, count(due_time)::int as timed,
              count(scheduled_for)::int as scheduled, count(*) filter (where length(description) > 1000)::int as long
         from todos`,
    );
    expect(counts).toMatchObject({ statuses: 4, priorities: 6 });
    expect(counts?.completed).toBeGreaterThan(1600);
    for (const name of ["overdue", "coming", "trash", "timed", "scheduled", "long"])
      expect(counts?.[name]).toBeGreaterThan(5);
  });

  it("writes some words everywhere, some often, and most rarely", async () => {
    const words = await database.sql<{ word: string; ndoc: number }>(
      `select word, ndoc from ts_stat($$select search from todos join users u on u.id = user_id where email = 'heavy@cairn.example'$$)`,
    );
    const found = new Map(words.map(({ word, ndoc }) => [word, ndoc]));
    expect(found.get(EVERY_ROW_WORD.toLowerCase())).toBe(600);
    expect(found.get("meet")).toBeGreaterThan(60);
    expect(words.filter(({ ndoc }) => ndoc === 1).length).toBeGreaterThan(words.length / 3);
  });

  it("has teams whose people have every role, and viewers who wrote nothing there", async () => {
    const roles = await database.sql(
      "select role, count(*)::int from memberships join organizations o on o.id = organization_id where personal_user_id is null group by role order by role",
    );
    expect(roles.map(({ role }) => role)).toEqual(["owner", "admin", "member", "viewer"]);
    expect(
      await one(
        "select count(*)::int from todos join organizations o on o.id = organization_id where personal_user_id is null",
      ),
    ).toBeGreaterThan(20);
    expect(
      await database.sql(
        `select from todos t where not exists (select from memberships m where m.organization_id = t.organization_id
            and m.user_id = t.user_id and m.role <> 'viewer' and m.created_at < t.created_at)`,
      ),
    ).toEqual([]);
  });

  it("never gave a new todo a due date in the past, and did nothing after its last day", async () => {
    expect(
      await database.sql(
        `select from audit_logs l join users u on u.id = user_id
          where entity_type = 'todo' and action = 'create'
            and (changes #>> '{due_date,1}')::date < (l.created_at at time zone (u.preferences ->> 'timeZone'))::date`,
      ),
    ).toEqual([]);
    expect(await one("select max(created_at) < '2026-11-20' from audit_logs")).toBe(true);
    for (const column of ["created_at", "updated_at", "completed_at", "deleted_at"]) {
      expect(await one(`select max(${column}) between '2026-11-18' and '2026-11-20' from todos`)).toBe(true);
    }
  });
});

describe("its history", () => {
  it("leads to every todo and its tags exactly as they are", async () => {
    const rows = await database.sql<{ row: Record<string, unknown>; tags: string[] }>(
      `select to_jsonb(t) - '{search,created_at,updated_at,postponed}'::text[] as row,
              array(select tag_id::text from todo_tags where todo_id = t.id order by 1) as tags from todos t order by id`,
    );
    const states = await replay();
    for (const { row, tags } of rows) {
      const state = states.get(String(row.id));
      expect({ ...state?.row, version: state?.version }).toEqual(withoutNulls(row));
      expect([...(state?.tags ?? [])].toSorted()).toEqual(tags);
    }
  });

  it("is written as the triggers would have written it", async () => {
    // What app.audit_entry says about a sample of the steps, each with the row before and after it.
    const steps = [...(await replay()).values()]
      .flatMap(({ steps: all }) => all)
      .filter((_, n) => n % 3 === 0);
    const written = await database.sql<{ entry: unknown; expected: unknown }>(
      `select jsonb_build_object('o', s.organization_id, 't', e.entity_type, 'i', e.entity_id, 'a', e.action, 'c', e.changes) as expected,
              jsonb_build_object('o', l.organization_id, 't', l.entity_type, 'i', l.entity_id, 'a', l.action, 'c', l.changes) as entry
         from jsonb_to_recordset($1) as s (id uuid, entity text, before jsonb, after jsonb, organization_id uuid)
         join audit_logs l using (id)
         left join lateral app.audit_entry(s.entity, s.before, s.after, '{}') e on true`,
      [JSON.stringify(steps)],
    );
    expect(written.length).toBeGreaterThan(1500);
    for (const { entry, expected } of written) expect(entry).toEqual(expected);
  });

  it.each([
    ["user", "users", "{created_at,updated_at,last_login_at,last_active_at}"],
    ["organization", "organizations", "{created_at,updated_at}"],
    ["membership", "memberships", "{created_at,updated_at}"],
    ["tag", "tags", "{created_at,updated_at}"],
  ])("remembers how each %s came to be, as the triggers would have", async (entity, table, ignored) => {
    expect(
      await database.sql(
        `select to_jsonb(r), e.changes, l.changes from ${table} r
          cross join lateral app.audit_entry($1, null, to_jsonb(r), $2) e
          left join audit_logs l on l.entity_id = r.id and l.entity_type = $1
         where (l.organization_id, l.action, l.changes) is distinct from (e.organization_id, e.action, e.changes)`,
        [entity, ignored],
      ),
    ).toEqual([]);
  });

  it("is in order, with the person, the session they had signed into, and the request of every entry", async () => {
    expect(
      await database.sql(
        `select from (select created_at, lag(created_at) over (order by id) as previous from audit_logs) l where created_at < previous`,
      ),
    ).toEqual([]);
    expect(
      await database.sql(
        "select from audit_logs where user_id is null or session_id is null or command_id is null",
      ),
    ).toEqual([]);
    expect(
      await database.sql(
        `select l.* from audit_logs l
          where entity_type in ('todo', 'tag')
            and not exists (select from audit_logs s where s.action = 'sign_in' and s.entity_id = l.session_id
                               and s.user_id = l.user_id and s.id < l.id and l.created_at < s.created_at + interval '32 days')`,
      ),
    ).toEqual([]);
  });

  it("has every action, and due dates that were put off once or again and again", async () => {
    const actions = await database.sql<{ action: string }>(
      "select distinct action from audit_logs where entity_type = 'todo' order by 1",
    );
    expect(actions.map(({ action }) => action)).toEqual([
      "cancel",
      "complete",
      "create",
      "delete",
      "reopen",
      "restore",
      "start",
      "tag",
      "untag",
      "update",
    ]);
    const [counted] = await database.sql(
      `select count(*) filter (where postponed <> times)::int as wrong, max(postponed)::int as most
         from (select t.postponed, (select count(*) from audit_logs l where l.entity_id = t.id and l.action = 'update'
                        and l.changes #>> '{due_date,1}' > l.changes #>> '{due_date,0}') as times from todos t) t`,
    );
    expect(counted).toMatchObject({ wrong: 0 });
    expect(counted?.most).toBeGreaterThan(2);
  });
});

// Each seeds databases of its own, beside all the other tests.
describe("seeding a crowd", { timeout: 90_000 }, () => {
  it("leaves every index, key, constraint and trigger as it was", async () => {
    expect(await readCatalogue(database.sql)).toEqual(before);
  });

  it("makes the same rows from the same numbers, and others from another seed", async () => {
    const [same, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await seed(same);
    await seed(other, { seed: 43 });
    const hashes = await rowHashes(database);
    expect(await rowHashes(same)).toEqual(hashes);
    const different = await rowHashes(other);
    for (const [table, hash] of hashes) expect([table, hash]).not.toEqual([table, different.get(table)]);
    await same.drop();
    await other.drop();
  });

  it("refuses to add a second crowd, and changes nothing", async () => {
    const rows = await everyRow(database);
    await expect(seed(database, { seed: 7 })).rejects.toThrow(SeedError);
    await expect(seed(database, { seed: 7 })).rejects.toThrow("There is such data already");
    expect(await everyRow(database)).toEqual(rows);
  });

  it("leaves nothing to be counted anew", async () => {
    expect(await database.sql("select count(*)::int from todo_counts")).not.toEqual([{ count: 0 }]);
    expect(await one("app.rebuild_todo_counts()")).toBe(0);
    expect(await one("app.rebuild_actors()")).toBe(0);
  });

  it("runs what computes kept counts anew, and leaves nothing at all behind when something fails", async () => {
    const other = await createTestDatabase();
    await other.sql(
      "create function app.rebuild_probe() returns void language plpgsql as $$ begin raise 'broken'; end $$",
    );
    const [rows, catalogue] = [await everyRow(other), await readCatalogue(other.sql)];
    await expect(seed(other)).rejects.toThrow("broken");
    expect(await everyRow(other)).toEqual(rows);
    expect(await readCatalogue(other.sql)).toEqual(catalogue);
    await other.drop();
  });

  it("says what to do when the database is not migrated, or not there", async () => {
    const blank = await createBlankDatabase();
    await expect(seed({ unpooledUrl: blank.url })).rejects.toThrow(
      new SeedError("The database is not migrated; run pnpm db:migrate up first."),
    );
    await blank.drop();
    await expect(seed({ unpooledUrl: blank.url })).rejects.toThrow(ConnectionError);
  });

  it("gives out all todos over the days, none on the first, when nobody is there", () => {
    for (const todos of [2, 999, 1_000_000]) {
      const counts = dailyCounts(todos, 1460);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(todos);
      expect(Math.min(...counts)).toBe(0);
      expect(counts[0]).toBe(0);
    }
  });
});

type Event = {
  id: string;
  organization_id: string;
  entity_id: string;
  action: string;
  changes: Record<string, [unknown, unknown]>;
};
type Step = { id: string; entity: string; organization_id: string; before: unknown; after: unknown };
type State = { row: Record<string, unknown>; version: number; tags: Set<string>; steps: Step[] };

/** The triggers see whole rows. */
const NULLABLE = {
  due_date: null,
  due_time: null,
  scheduled_for: null,
  completed_at: null,
  deleted_at: null,
};

/** What the log says that each todo has become, step by step. */
async function replay(): Promise<Map<string, State>> {
  const events = await database.sql<Event>(
    "select id, organization_id, entity_id, action, changes from audit_logs where entity_type = 'todo' order by id",
  );
  const states = new Map<string, State>();
  for (const { id, organization_id, entity_id, action, changes } of events) {
    const state = states.get(entity_id) ?? { row: {}, version: 0, tags: new Set(), steps: [] };
    states.set(entity_id, state);
    const step = { id, organization_id };
    if (changes.tags !== undefined) {
      const [removed, added] = changes.tags as [{ id: string } | null, { id: string } | null];
      const link = (tag: { id: string } | null) =>
        tag === null ? null : { organization_id, todo_id: entity_id, tag_id: tag.id };
      state.steps.push({ ...step, entity: "todo_tag", before: link(removed), after: link(added) });
      if (removed !== null && !state.tags.delete(removed.id)) throw new Error("It did not have that tag.");
      if (added !== null) state.tags.add(added.id);
      continue;
    }
    const previous = state.row;
    const next = { ...previous };
    for (const [field, [from, to]] of Object.entries(changes)) {
      expect(previous[field] ?? null).toEqual(from);
      next[field] = to;
    }
    state.row = withoutNulls(next);
    state.version += 1;
    const isNew = action === "create";
    const [earlier, later] = [previous, state.row].map((row) => ({ ...NULLABLE, ...row }));
    state.steps.push({ ...step, entity: "todo", before: isNew ? null : earlier, after: later });
  }
  return states;
}

function withoutNulls(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

/** A hash over all rows of each table that is filled. */
async function rowHashes({ sql }: TestDatabase): Promise<Map<string, unknown>> {
  const hashes = new Map<string, unknown>();
  for (const table of ["users", "organizations", "memberships", "tags", "todos", "todo_tags", "audit_logs"]) {
    const [row] = await sql(`select md5(string_agg(t::text, ',' order by t::text)) as hash from ${table} t`);
    hashes.set(table, row?.hash);
  }
  return hashes;
}
