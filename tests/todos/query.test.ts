import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseQuery } from "@/lib/query/parse";
import { listTodos } from "@/lib/todos/repository";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeTag, writeTodo } from "../helpers/rows";

let database: TestDatabase;
let mia: Person;
/** Friday, 10:30 in Tokyo; in UTC it is still half past one. */
const now = new Date("2026-11-20T01:30:00Z");

beforeAll(async () => {
  database = await createTestDatabase();
  mia = await createPerson(database, { preferences: { timeZone: "Asia/Tokyo" } });
  const [home, none] = [await writeTag(database, mia, "Home"), await writeTag(database, mia, "none")];
  const write = (title: string, values: Parameters<typeof writeTodo>[2]) =>
    writeTodo(database, mia, { title, createdAt: new Date("2026-10-01T00:00:00Z"), ...values });
  await write("bare", {});
  await write("late", { dueDate: "2026-11-19", status: "in_progress", priority: 4, tagIds: [home] });
  await write("soon", { dueDate: "2026-11-20", dueTime: "10:30", scheduledFor: "2026-11-19", priority: 2 });
  await write("later", { dueDate: "2026-12-01", description: "Milk and bread", tagIds: [home, none] });
  await write("done", {
    dueDate: "2026-11-18",
    status: "completed",
    // The 20th in Tokyo, the 19th in UTC.
    completedAt: new Date("2026-11-19T15:30:00Z"),
    createdAt: new Date("2026-11-19T14:59:59Z"),
  });
  await write("dropped", { status: "cancelled", description: "bread with milk", tagIds: [none] });
});
afterAll(() => database.drop());

/** The titles that a query finds, in the order of their names. */
async function found(text: string): Promise<string> {
  const parsed = parseQuery(text);
  if (!parsed.ok || parsed.query === null) throw new Error(`${text} is no query`);
  const { rows } = await listTodos(mia.scope({ now }), { status: "all", query: parsed.query, sort: "title" });
  return rows.map((row) => row.title).join(" ");
}

describe("a query finds", () => {
  it.each([
    // Empty values: no comparison matches them, neither way; none and any ask for them.
    ["due:<2026-12-01", "done late soon"],
    ["due:>=2026-12-01", "later"],
    ["due:<2026-12-01 or due:>=2026-12-01", "done late later soon"],
    ["due:none", "bare dropped"],
    ["due:any", "done late later soon"],
    ["scheduled:<=2026-11-19", "soon"],
    ["scheduled:>2026-11-19", ""],
    ["scheduled:none", "bare done dropped late later"],
    ["scheduled:any", "soon"],
    ["completed:>2000-01-01", "done"],
    // What is taken away is what the term would find: an empty value is not among it, so it stays.
    ["-due:<2026-12-01", "bare dropped later"],
    ["-(due:<2026-12-01 or due:none)", "later"],
    ["-due:<2026-12-01 due:any", "later"],
    ["-scheduled:2026-11-19", "bare done dropped late later"],
    ["-completed:>2000-01-01", "bare dropped late later soon"],
    ["-due:none", "done late later soon"],
    ["-(due:<2026-12-01 priority:>=3)", "bare done dropped later soon"],
    // Days are the person's own.
    ["due:today", "soon"],
    ["due:<today", "done late"],
    ["due:tomorrow", ""],
    ["due:yesterday", "late"],
    ["due:<=+11d", "done late later soon"],
    ["created:2026-11-19", "done"],
    ["created:<2026-11-19", "bare dropped late later soon"],
    ["completed:today", "done"],
    ["completed:<today", ""],
    ["completed:<=today", "done"],
    ["completed:>yesterday", "done"],
    ["completed:>=today", "done"],
    // States and statuses.
    ["is:overdue", "late"],
    ["is:open", "bare late later soon"],
    ["is:done", "done dropped"],
    ["-is:open", "done dropped"],
    ["status:cancelled", "dropped"],
    ["-status:cancelled is:done", "done"],
    ["priority:>=2", "late soon"],
    ["priority:0", "bare done dropped later"],
    ["priority:<4 due:any", "done later soon"],
    // Tags.
    ["tag:HOME", "late later"],
    ["tag:none", "bare done soon"],
    ["tag:any", "dropped late later"],
    ['tag:"none"', "dropped later"],
    ["-tag:home", "bare done dropped soon"],
    ["-tag:any", "bare done soon"],
    ['tag:home -tag:"none"', "late"],
    // Words, and where they stand.
    ["has:description", "dropped later"],
    ["-has:description is:done", "done"],
    ["milk", "dropped later"],
    ['"milk and bread"', "later"],
    ['"bread milk"', ""],
    ["milk in:title", ""],
    ["milk in:description", "dropped later"],
    ["in:description -milk is:open", "bare late soon"],
    ["(in:title later) or (in:description milk)", "dropped later"],
    ["in:description (milk or (in:title bare))", "bare dropped later"],
    ['-"milk and bread" has:description', "dropped"],
    ["-milk -tag:any -due:any", "bare"],
    ["milk or due:none", "bare dropped later"],
  ])("%s", async (text, titles) => {
    expect(await found(text)).toBe(titles);
  });
});
