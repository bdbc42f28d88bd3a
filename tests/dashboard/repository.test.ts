import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getDashboard } from "@/lib/dashboard/repository";
import type { Preferences } from "@/lib/db/schema/users";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership, writeTag, writeTodo, type TodoValues } from "../helpers/rows";

let database: TestDatabase;
let proxy: CountingProxy;
beforeAll(async () => {
  const direct = await createTestDatabase();
  proxy = await startCountingProxy(direct.endpoint);
  database = { ...direct, endpoint: proxy.url };
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

/** A Wednesday, 09:30 in UTC, 22:30 in Auckland, and still the day before on Midway. */
const NOW = new Date("2026-12-02T09:30:00Z");

/** A person with these todos, beside a second one who has one of each kind. */
async function personWith(todos: TodoValues[], preferences: Preferences = {}): Promise<Person> {
  const [mia, noah] = [await createPerson(database, { preferences }), await createPerson(database)];
  for (const todo of todos) await writeTodo(database, mia, todo);
  const theirs = await writeTag(database, noah, "Theirs");
  for (const status of ["pending", "in_progress", "completed", "cancelled"] as const) {
    const completedAt = status === "completed" ? NOW : null;
    await writeTodo(database, noah, {
      status,
      completedAt,
      priority: 5,
      dueDate: "2026-12-02",
      tagIds: [theirs],
    });
  }
  return mia;
}

const dashboardOf = (person: Person, now = NOW) => getDashboard(person.scope({ now }));
const completedAt = (iso: string) => ({ status: "completed", completedAt: new Date(iso) }) as const;

describe("getDashboard", () => {
  it("is one request, all zeros for a person without todos", async () => {
    const mia = await personWith([]);
    proxy.reset();
    const dashboard = await dashboardOf(mia);
    expect(proxy.requests).toHaveLength(1);
    expect(dashboard).toMatchObject({
      list: [],
      counters: {
        open: 0,
        overdue: 0,
        dueToday: 0,
        dueThisWeek: 0,
        completedToday: 0,
        completedThisWeek: 0,
        highPriority: 0,
        inProgress: 0,
      },
      byStatus: [
        { status: "pending", count: 0 },
        { status: "in_progress", count: 0 },
        { status: "completed", count: 0 },
        { status: "cancelled", count: 0 },
      ],
      byPriority: [5, 4, 3, 2, 1, 0].map((priority) => ({ priority, count: 0 })),
      byTag: [],
    });
    expect(dashboard.completedPerDay).toHaveLength(30);
    expect(dashboard.completedPerDay.every(({ count }) => count === 0)).toBe(true);
  });

  it("counts open todos by when they are due, without those that are done or in the trash", async () => {
    const mia = await personWith([
      { dueDate: "2026-12-01" },
      { dueDate: "2026-12-02", dueTime: "09:29" },
      { dueDate: "2026-12-02", dueTime: "09:31" },
      { dueDate: "2026-12-02", status: "in_progress" },
      { dueDate: "2026-12-06", priority: 4 },
      { dueDate: "2026-12-07", priority: 5 },
      {},
      { dueDate: "2026-12-01", status: "cancelled", priority: 5 },
      { dueDate: "2026-12-02", ...completedAt("2026-12-01T10:00:00Z"), priority: 5 },
      { dueDate: "2026-12-01", deleted: true, priority: 5 },
    ]);
    const { counters, byStatus, byPriority } = await dashboardOf(mia);
    expect(counters).toEqual({
      open: 7,
      overdue: 2,
      dueToday: 2,
      dueThisWeek: 3,
      completedToday: 0,
      completedThisWeek: 1,
      highPriority: 2,
      inProgress: 1,
    });
    expect(byStatus.map(({ count }) => count)).toEqual([6, 1, 1, 1]);
    expect(byPriority).toEqual([
      { priority: 5, count: 1 },
      { priority: 4, count: 1 },
      { priority: 3, count: 0 },
      { priority: 2, count: 0 },
      { priority: 1, count: 0 },
      { priority: 0, count: 5 },
    ]);
  });

  it.each([
    ["Monday by default", {}, 4, 3],
    ["Monday", { weekStart: 1 }, 4, 3],
    ["Saturday", { weekStart: 6 }, 2, 5],
    ["Sunday", { weekStart: 7 }, 3, 4],
  ] as const)("begins the week on %s", async (_, preferences, due, completed) => {
    // Wednesday to Monday ahead, Saturday to Wednesday behind, one each; on Friday 27 November the week is over.
    const ahead = ["12-02", "12-04", "12-05", "12-06", "12-07", "12-09"].map((day) => ({
      dueDate: `2026-${day}`,
    }));
    const behind = ["11-27", "11-28", "11-29", "11-30", "12-01", "12-02"].map((day) =>
      completedAt(`2026-${day}T08:00:00Z`),
    );
    const { counters } = await dashboardOf(await personWith([...ahead, ...behind], preferences));
    expect(counters).toMatchObject({ dueThisWeek: due, completedThisWeek: completed, completedToday: 1 });
  });

  it("counts what was completed on each of the last 30 days, zeros included", async () => {
    const mia = await personWith([
      completedAt("2026-12-02T00:00:00Z"),
      completedAt("2026-12-02T09:00:00Z"),
      completedAt("2026-12-01T23:59:59.999Z"),
      completedAt("2026-11-03T00:00:00Z"),
      completedAt("2026-11-02T23:59:59.999Z"),
      { ...completedAt("2026-12-02T09:00:00Z"), deleted: true },
    ]);
    const { completedPerDay, counters } = await dashboardOf(mia);
    expect(completedPerDay).toHaveLength(30);
    expect(completedPerDay.filter(({ count }) => count > 0)).toEqual([
      { day: "2026-11-03", count: 1 },
      { day: "2026-12-01", count: 1 },
      { day: "2026-12-02", count: 2 },
    ]);
    expect([completedPerDay.at(0)?.day, completedPerDay.at(-1)?.day]).toEqual(["2026-11-03", "2026-12-02"]);
    expect(counters.completedToday).toBe(2);
  });

  it.each([
    [
      "Pacific/Auckland",
      "2026-12-02",
      { overdue: 1, dueToday: 1 },
      { "2026-11-03": 1, "2026-12-01": 1, "2026-12-02": 1 },
    ],
    [
      "Pacific/Midway",
      "2026-12-01",
      { overdue: 0, dueToday: 0 },
      { "2026-11-02": 1, "2026-11-30": 1, "2026-12-01": 1 },
    ],
  ])("takes days and times of day from the person's zone: %s", async (timeZone, today, counters, days) => {
    const mia = await personWith(
      [
        { dueDate: "2026-12-02", dueTime: "22:00" },
        { dueDate: "2026-12-02", dueTime: "23:00" },
        // In Auckland (+13) and on Midway (-11) a day begins at the same instant, but not the same day.
        completedAt("2026-11-02T10:59:59Z"),
        completedAt("2026-11-02T11:00:00Z"),
        completedAt("2026-12-01T10:59:59Z"),
        completedAt("2026-12-01T11:00:00Z"),
      ],
      { timeZone },
    );
    const dashboard = await dashboardOf(mia);
    expect(dashboard.completedPerDay.at(-1)?.day).toBe(today);
    expect(dashboard.counters).toMatchObject(counters);
    const counted = dashboard.completedPerDay.filter(({ count }) => count > 0);
    expect(Object.fromEntries(counted.map(({ day, count }) => [day, count]))).toEqual(days);
  });

  it("keeps every completion in one day across a change to summer time", async () => {
    const hours = Array.from({ length: 23 }, (_, hour) => new Date(Date.UTC(2026, 2, 28, 23 + hour)));
    const mia = await personWith(
      hours.map((instant) => completedAt(instant.toISOString())),
      { timeZone: "Europe/Berlin" },
    );
    const { completedPerDay } = await dashboardOf(mia, new Date("2026-03-30T10:00:00Z"));
    expect(completedPerDay.filter(({ count }) => count > 0)).toEqual([{ day: "2026-03-29", count: 23 }]);
    expect(new Set(completedPerDay.map(({ day }) => day)).size).toBe(30);
  });

  it("lists the 20 most pressing: by priority, then the earliest due, those without a date last, then the oldest", async () => {
    const rest = Array.from({ length: 20 }, (_, index) => ({ title: `rest ${index}`, priority: 1 }));
    const mia = await personWith([
      { title: "low, overdue", priority: 1, dueDate: "2026-12-01" },
      { title: "no date, newer", priority: 3, createdAt: new Date("2026-02-01T00:00:00Z") },
      { title: "no date, older", priority: 3, createdAt: new Date("2026-01-02T00:00:00Z") },
      { title: "high, later", priority: 5, dueDate: "2026-12-09" },
      { title: "high, overdue", priority: 5, dueDate: "2026-11-01", status: "in_progress" },
      { title: "high, done", priority: 5, dueDate: "2026-11-01", ...completedAt("2026-12-01T10:00:00Z") },
      { title: "high, in the trash", priority: 5, dueDate: "2026-11-01", deleted: true },
      { title: "middle, dated", priority: 3, dueDate: "2027-01-01" },
      ...rest,
    ]);
    const { list } = await dashboardOf(mia);
    expect(list).toHaveLength(20);
    expect(list.slice(0, 6).map(({ title }) => title)).toEqual([
      "high, overdue",
      "high, later",
      "middle, dated",
      "no date, older",
      "no date, newer",
      "low, overdue",
    ]);
  });

  it("shows rows whole, with their tags", async () => {
    const mia = await personWith([]);
    const home = await writeTag(database, mia, "Home");
    const id = await writeTodo(database, mia, {
      title: "<script>alert(1)</script> 🪨",
      description: "x",
      priority: 4,
      dueDate: "2026-12-02",
      dueTime: "17:30",
      tagIds: [home],
    });
    const { list } = await dashboardOf(mia);
    expect(list).toMatchObject([
      {
        id,
        title: "<script>alert(1)</script> 🪨",
        hasDescription: true,
        dueDate: "2026-12-02",
        dueTime: "17:30",
        createdAt: new Date("2026-01-01T00:00:00Z"),
        tags: [{ id: home, name: "Home", colour: "#78716c" }],
      },
    ]);
  });

  it("counts open todos by tag, the twelve largest first", async () => {
    const mia = await personWith([]);
    const ids: string[] = [];
    for (let number = 1; number <= 13; number += 1) {
      ids.push(await writeTag(database, mia, `Tag ${String(number).padStart(2, "0")}`));
    }
    await writeTodo(database, mia, { tagIds: ids.slice(0, 12) });
    await writeTodo(database, mia, { tagIds: ids.slice(2, 4) });
    for (let times = 0; times < 3; times += 1) {
      await writeTodo(database, mia, { tagIds: ids.slice(12), ...completedAt("2026-12-01T10:00:00Z") });
      await writeTodo(database, mia, { tagIds: ids.slice(12), deleted: true });
    }
    const { byTag } = await dashboardOf(mia);
    expect(byTag.map(({ tag, count }) => [tag.name, count])).toEqual([
      ["Tag 03", 2],
      ["Tag 04", 2],
      ...["01", "02", "05", "06", "07", "08", "09", "10", "11", "12"].map((number) => [`Tag ${number}`, 1]),
    ]);
    expect(byTag[0]?.tag).toEqual({ id: ids[2], name: "Tag 03", colour: "#78716c" });
  });

  it("shows nothing of a colleague's in a shared organization, and all of one's own there", async () => {
    const [mia, noah] = [await createPerson(database), await createPerson(database)];
    await writeMembership(database, noah.organizationId, mia);
    const shared = await writeTag(database, noah, "Shared");
    const miaThere = { userId: mia.userId, organizationId: noah.organizationId };
    const id = await writeTodo(database, miaThere, { tagIds: [shared] });
    await writeTodo(database, noah, { tagIds: [shared], priority: 5, dueDate: "2026-12-02" });
    await writeTodo(database, noah, { tagIds: [shared], ...completedAt("2026-12-02T08:00:00Z") });
    const dashboard = await dashboardOf(mia);
    expect(dashboard.list.map((row) => row.id)).toEqual([id]);
    expect(dashboard.counters).toMatchObject({ open: 1, dueToday: 0, completedToday: 0, highPriority: 0 });
    expect(dashboard.completedPerDay.every(({ count }) => count === 0)).toBe(true);
    expect(dashboard.byStatus.map(({ count }) => count)).toEqual([1, 0, 0, 0]);
    expect(dashboard.byTag).toMatchObject([{ tag: { name: "Shared" }, count: 1 }]);
    expect((await dashboardOf(noah)).counters).toMatchObject({ open: 1, dueToday: 1, completedToday: 1 });
  });
});
