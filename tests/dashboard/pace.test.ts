import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getDashboard } from "@/lib/dashboard/repository";
import { DASHBOARD_DAYS, DASHBOARD_SAMPLE_MAX } from "@/lib/db/limits";
import { reopenTodo, updateTodo } from "@/lib/todos/repository";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership, writeTodo, type TodoValues } from "../helpers/rows";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const NOW = new Date("2026-12-02T09:30:00Z");
const DAY_MS = 86_400_000;
const dashboardOf = (person: Person, now = NOW) => getDashboard(person.scope({ now }));
const completed = (at: string | Date, more: TodoValues = {}): TodoValues => ({
  status: "completed",
  completedAt: new Date(at),
  createdAt: new Date(new Date(at).getTime() - 3_600_000),
  ...more,
});

async function personWith(todos: TodoValues[], timeZone = "UTC"): Promise<Person> {
  const person = await createPerson(database, { preferences: { timeZone } });
  for (const todo of todos) await writeTodo(database, person, todo);
  return person;
}

/** Something completed at noon, so many days before NOW's. */
const ago = (...days: number[]) =>
  days.map((day) => completed(new Date(Date.parse("2026-12-02T08:00:00Z") - day * DAY_MS)));

/** Todos completed at a time, one on each of so many days, the last one on the day of NOW, written at once. */
async function writeDays({ userId, organizationId }: Person, days: number, perDay = 1): Promise<void> {
  await database.sql(
    `insert into todos (id, organization_id, user_id, title, status, created_at, completed_at, due_date)
     select gen_random_uuid(), $1, $2, 'Done', 'completed', at - interval '1 hour', at, at::date
       from generate_series(0, $3::int - 1) ago, generate_series(1, $4::int) n
      cross join lateral (select timestamptz '2026-12-02T08:00:00Z' - ago * interval '24 hours' - n * interval '1 second' as at) times`,
    [organizationId, userId, days, perDay],
  );
}

describe("the streak", () => {
  it.each([
    ["nothing was ever completed", [], 0],
    ["something was completed today only", [0], 1],
    ["something was completed yesterday, and nothing yet today", [1], 1],
    ["the last one is two days ago", [2, 3, 4], 0],
    ["there is a day without any in between", [0, 1, 2, 4, 5], 3],
    ["there are several on a day", [0, 0, 1, 1, 1, 2], 3],
  ])("when %s is right", async (_, days, streak) => {
    expect((await dashboardOf(await personWith(ago(...days)))).streak).toBe(streak);
  });

  it.each([
    ["all but today of the days that are shown", DASHBOARD_DAYS - 1],
    ["exactly the days that are shown", DASHBOARD_DAYS],
    ["one more day", DASHBOARD_DAYS + 1],
    ["a hundred days", 100],
    ["three years", 1_096],
  ])("goes back %s", async (_, days) => {
    const person = await personWith([]);
    await writeDays(person, days);
    expect((await dashboardOf(person)).streak).toBe(days);
    // Before anything is completed on the next day, yesterday's still counts; a day later it is over.
    const tomorrow = await dashboardOf(person, new Date(NOW.getTime() + DAY_MS));
    expect(tomorrow.streak).toBe(days);
    expect((await dashboardOf(person, new Date(NOW.getTime() + 2 * DAY_MS))).streak).toBe(0);
  });

  it("has the person's own days: midnight is theirs, and a day of 23 hours is a day", async () => {
    // In Berlin these are 27, 28, 29 (when the clocks went forward) and 30 March; in UTC three days, with a gap.
    const instants = [
      "2026-03-26T23:30:00Z",
      "2026-03-28T00:30:00Z",
      "2026-03-28T23:00:00Z",
      "2026-03-29T22:00:00Z",
    ];
    const now = new Date("2026-03-30T20:00:00Z");
    const berlin = await personWith(
      instants.map((at) => completed(at)),
      "Europe/Berlin",
    );
    expect((await dashboardOf(berlin, now)).streak).toBe(4);
    const utc = await personWith(instants.map((at) => completed(at)));
    expect((await dashboardOf(utc, now)).streak).toBe(2);
  });

  it("does not count what lies in the trash, nor in an organization that the person left", async () => {
    const person = await personWith(ago(0));
    await writeTodo(database, person, { ...ago(1)[0], deleted: true });
    const other = await createPerson(database);
    await writeTodo(database, { userId: person.userId, organizationId: other.organizationId }, ago(1)[0]);
    expect((await dashboardOf(person)).streak).toBe(1);
    await writeMembership(database, other.organizationId, person);
    expect((await dashboardOf(person)).streak).toBe(2);
  });
});

describe("what was on time", () => {
  it("is what was completed on its due day or earlier, of what had one and was completed in the last 30 days", async () => {
    const person = await personWith([
      completed("2026-12-01T10:00:00Z", { dueDate: "2026-12-01" }),
      completed("2026-12-01T10:00:00Z", { dueDate: "2026-12-31" }),
      completed("2026-12-01T10:00:00Z", { dueDate: "2026-11-30" }),
      completed("2026-12-01T10:00:00Z"),
      completed("2026-11-03T00:00:00Z", { dueDate: "2026-11-01" }),
      completed("2026-11-02T23:59:59Z", { dueDate: "2026-11-30" }),
      completed("2026-12-01T10:00:00Z", { dueDate: "2026-12-31", deleted: true }),
      { dueDate: "2026-12-01" },
    ]);
    expect((await dashboardOf(person)).onTime).toEqual({ count: 2, of: 4 });
  });

  it.each([
    ["Pacific/Auckland", 0],
    ["UTC", 1],
    ["Pacific/Midway", 1],
  ])("goes by the day that it is in the person's zone: %s", async (timeZone, count) => {
    // Already the 2nd in Auckland.
    const person = await personWith([completed("2026-12-01T12:00:00Z", { dueDate: "2026-12-01" })], timeZone);
    expect((await dashboardOf(person)).onTime).toEqual({ count, of: 1 });
  });

  it("is nothing of nothing for a person without any", async () => {
    const dashboard = await dashboardOf(await personWith([]));
    expect(dashboard).toMatchObject({
      streak: 0,
      onTime: { count: 0, of: 0 },
      medianSecondsToComplete: null,
      mostPostponed: [],
    });
  });
});

const took = (hours: number, at = "2026-12-01T10:00:00Z") =>
  completed(at, { createdAt: new Date(Date.parse(at) - hours * 3_600_000) });

describe("the median time to complete", () => {
  it.each([
    ["one", [5], 5],
    ["an odd number", [1, 100, 2], 2],
    ["an even number: the mean of the two in the middle", [1, 2, 4, 1000], 3],
  ])("is that of %s", async (_, hours, median) => {
    const person = await personWith(hours.map((each) => took(each)));
    expect((await dashboardOf(person)).medianSecondsToComplete).toBe(median * 3600);
  });

  it("leaves out what was completed more than 30 days ago", async () => {
    const person = await personWith([took(1), took(500, "2026-11-02T10:00:00Z")]);
    expect((await dashboardOf(person)).medianSecondsToComplete).toBe(3600);
  });

  it("and what was on time are of the latest when there are very many; the days still count all", async () => {
    const person = await personWith([]);
    await writeDays(person, 10, 150);
    const { onTime, completedPerDay, streak } = await dashboardOf(person);
    expect(onTime).toEqual({ count: DASHBOARD_SAMPLE_MAX, of: DASHBOARD_SAMPLE_MAX });
    expect(completedPerDay.map(({ count }) => count)).toEqual([
      ...Array.from({ length: 20 }, () => 0),
      ...Array.from({ length: 10 }, () => 150),
    ]);
    expect(streak).toBe(10);
  });
});

describe("what was put off most often", () => {
  const today = NOW.toISOString().slice(0, 10);
  const dayAfter = (days: number) => new Date(Date.parse(today) + days * DAY_MS).toISOString().slice(0, 10);

  /** A todo whose due date then becomes each of these, given in days after its first one. */
  async function moved(person: Person, title: string, ...days: (number | null)[]): Promise<string> {
    const id = await writeTodo(database, person, { title, dueDate: dayAfter(0) });
    for (const [index, later] of days.entries()) {
      const dueDate = later === null ? null : dayAfter(later);
      const result = await updateTodo(person.scope(), { id, version: index + 1, dueDate });
      expect(result).toMatchObject({ ok: true });
    }
    return id;
  }

  it("counts each move to a later day, and no other change", async () => {
    const person = await personWith([]);
    const twice = await moved(person, "Twice", 3, 1, 2);
    const once = await moved(person, "Once", 5, null, 9, 9);
    await moved(person, "Only earlier", -1, null, 4);
    const id = await moved(person, "Renamed", 0);
    await updateTodo(person.scope(), { id, version: 2, title: "Renamed again" });
    expect((await dashboardOf(person)).mostPostponed).toEqual([
      { id: twice, title: "Twice", dueDate: dayAfter(2), times: 2 },
      { id: once, title: "Once", dueDate: dayAfter(9), times: 1 },
    ]);
  });

  it("shows the five at the top that are open, not in the trash, and the person's own", async () => {
    const [mia, noah] = [await personWith([]), await personWith([])];
    for (let times = 1; times <= 6; times += 1) {
      await moved(mia, `${times} times`, ...Array.from({ length: times }, (_, index) => index + 1));
    }
    await moved(noah, "Noah's", 1, 2, 3, 4, 5, 6, 7);
    const done = await moved(mia, "Done", 1, 2, 3, 4, 5, 6, 7);
    await database.sql("update todos set status = 'completed' where id = $1", [done]);
    const gone = await moved(mia, "Gone", 1, 2, 3, 4, 5, 6, 7);
    await database.sql("update todos set deleted_at = now() where id = $1", [gone]);
    const titles = async () => (await dashboardOf(mia)).mostPostponed.map(({ title }) => title);
    expect(await titles()).toEqual(["6 times", "5 times", "4 times", "3 times", "2 times"]);
    await reopenTodo(mia.scope(), { id: done });
    expect(await titles()).toEqual(["Done", "6 times", "5 times", "4 times", "3 times"]);
  });

  it("is remembered as the days before and after, and as nothing else", async () => {
    const person = await personWith([]);
    const id = await moved(person, "Moved", 1);
    const rows = await database.sql(
      "select changes from audit_logs where entity_id = $1 and action = 'update'",
      [id],
    );
    expect(rows).toEqual([{ changes: { due_date: [dayAfter(0), dayAfter(1)] } }]);
    const [created] = await database.sql<{ changes: object }>(
      "select changes from audit_logs where entity_id = $1 and action = 'create'",
      [id],
    );
    expect(created?.changes).not.toHaveProperty("postponed");
  });
});
